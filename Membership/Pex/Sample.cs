using Wetware.Membership.Gossip;

namespace Wetware.Membership.Pex;

/// <summary>A record in an exchange of samples.</summary>
/// <param name="Digest">Which.</param>
/// <param name="Hop">Through how many exchanges it has been.</param>
/// <param name="Record">The record itself, where the listener may not have it: everybody has those of members.</param>
public readonly record struct Sample(Digest Digest, ulong Hop, SignedRecord? Record);
