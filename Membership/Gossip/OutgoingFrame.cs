using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Membership.Routing;

namespace Wetware.Membership.Gossip;

/// <summary>Bytes to be sent, and to whom. They may be lost, and may be late.</summary>
/// <param name="To">The member's profile, which says who it is and where it listens; null for a stranger.</param>
/// <param name="Address">Where the stranger listens; null for a member.</param>
/// <param name="Bytes">What to send: valid until the next one is taken.</param>
/// <param name="IsLong">Whether it is too long for a datagram.</param>
public readonly record struct OutgoingFrame(Profile? To, Multiaddr? Address, ReadOnlyMemory<byte> Bytes, bool IsLong);
