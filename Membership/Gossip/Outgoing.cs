using Wetware.Core;
using Wetware.Core.Multiformats;

namespace Wetware.Membership.Gossip;

/// <summary>A frame to be sent, and to whom.</summary>
/// <param name="To">The member, or null for a stranger at <paramref name="Address"/>.</param>
/// <param name="Address">Where the stranger listens; null for a member, whose record says.</param>
/// <param name="Frame">What to send.</param>
public readonly record struct Outgoing(SignedRecord? To, Multiaddr? Address, Frame Frame);
