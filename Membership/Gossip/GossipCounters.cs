namespace Wetware.Membership.Gossip;

/// <summary>What a node saw and did, since its start.</summary>
public sealed class GossipCounters
{
    /// <summary>Frames taken in.</summary>
    public long FramesIn { get; set; }

    /// <summary>Frames given out.</summary>
    public long FramesOut { get; set; }

    /// <summary>Frames or records dropped because they were not authentic.</summary>
    public long Forged { get; set; }

    /// <summary>Frames dropped because they came again.</summary>
    public long Replayed { get; set; }

    /// <summary>Frames dropped because they could not be read.</summary>
    public long Malformed { get; set; }

    /// <summary>Frames dropped because their sender is not known, or because too many strangers called.</summary>
    public long Strangers { get; set; }

    /// <summary>Frames dropped because their sender sent too many.</summary>
    public long Excess { get; set; }

    /// <summary>Frames not listened to, but for their probes, because of what is held against their sender.</summary>
    public long Ignored { get; set; }

    /// <summary>Records that were as old as, or older than, what was known.</summary>
    public long Stale { get; set; }

    /// <summary>Deaths that this node declared.</summary>
    public long Declared { get; set; }

    /// <summary>How often this node was called dead and spoke up.</summary>
    public long Refuted { get; set; }

    /// <summary>How often this node noticed that it had been stopped.</summary>
    public long Paused { get; set; }

    /// <summary>How often another process with the same key was seen to run at the same time.</summary>
    public long Conflicts { get; set; }

    /// <summary>Messages of topics that the application did not take in time.</summary>
    public long Undelivered { get; set; }

    /// <summary>Exchanges of samples that this node began.</summary>
    public long ExchangesBegun { get; set; }

    /// <summary>Exchanges that this node began and that were answered.</summary>
    public long ExchangesDone { get; set; }

    /// <summary>Exchanges that this node began and that were not answered in time.</summary>
    public long ExchangesLost { get; set; }

    /// <summary>What was given for an exchange and not taken: unasked for, too often, or not as an honest peer gives.</summary>
    public long ExchangesRefused { get; set; }
}
