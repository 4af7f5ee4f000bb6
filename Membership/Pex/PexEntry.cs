using Wetware.Membership.Gossip;

namespace Wetware.Membership.Pex;

/// <summary>A record in a sample of the cluster.</summary>
/// <param name="Record">What the peer says of itself.</param>
/// <param name="Hop">Through how many exchanges it has been since its peer gave it away, which is how old it is; zero only in its peer's own hand.</param>
public readonly record struct PexEntry(SignedRecord Record, ulong Hop);
