namespace Wetware.Host.Consensus;

/// <summary>The cluster could not answer now: no leader, no quorum, or this node is stopping. Trying again later may succeed.</summary>
public sealed class ConsensusException(string message) : Exception(message);
