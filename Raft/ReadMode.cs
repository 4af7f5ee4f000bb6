namespace Wetware.Raft;

/// <summary>How a leader makes sure that it still leads before it answers a request for a read index.</summary>
public enum ReadMode : byte
{
    /// <summary>It asks a quorum, by a heartbeat round that starts after the request (Ongaro 2014, section 6.4). Needs no clock.</summary>
    Safe = 0,

    /// <summary>
    /// It answers at once while a quorum answered a round recently enough that nobody can have been elected since
    /// (section 6.4.1). Stale reads are possible if members' clocks drift apart by more than <see cref="RaftConfig.LeaseDriftTicks"/>
    /// in an election timeout; outside the lease it asks a quorum. A host that was stopped for a while has to give the node
    /// the ticks that passed before anything else.
    /// </summary>
    LeaseBased = 1,
}
