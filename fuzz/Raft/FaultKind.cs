namespace Wetware.Fuzz.Raft;

/// <summary>What can go wrong in a simulated cluster, or what its operators may do to it.</summary>
internal enum FaultKind
{
    /// <summary>The nodes are split in two parts that cannot reach each other, or only one way.</summary>
    Split,

    /// <summary>Everybody reaches everybody again.</summary>
    Mend,

    /// <summary>A process ends, mostly with the power.</summary>
    Crash,

    /// <summary>Once in a while, the power fails everywhere.</summary>
    CrashAll,

    /// <summary>A node does nothing for a while.</summary>
    Pause,

    /// <summary>No sync of a node ends for a while.</summary>
    Stall,

    /// <summary>Whoever leads is asked to hand over.</summary>
    Transfer,

    /// <summary>Members change at random.</summary>
    Members,

    /// <summary>The leader and one more voter are removed at once, and later all come back.</summary>
    LeaderLeaves,

    /// <summary>Syncs of a disk fail.</summary>
    FailSyncs,

    /// <summary>A disk fills up.</summary>
    FillUp,

    /// <summary>Reads of a disk fail.</summary>
    FailReads,

    /// <summary>Some or all of what a node has on its disk is lost.</summary>
    Damage,

    /// <summary>A write lands somewhere else.</summary>
    Misdirect,

    /// <summary>A follower is gone for good, at a moment when its leader and a witness can do without it.</summary>
    FollowerGone,
}
