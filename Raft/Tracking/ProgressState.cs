namespace Wetware.Raft.Tracking;

/// <summary>How the leader treats a follower. Names as etcd/raft prints them, with "State" before.</summary>
internal enum ProgressState : byte
{
    /// <summary>Where the logs agree is not known: one append at a time.</summary>
    Probe = 0,

    /// <summary>The logs agree up to Match: appends are pipelined.</summary>
    Replicate = 1,

    /// <summary>The follower needs entries that are gone: no appends until the snapshot is in.</summary>
    Snapshot = 2,
}
