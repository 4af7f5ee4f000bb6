namespace Wetware.Membership.Gossip;

/// <summary>A member that did not answer, while it is being found out whether it is gone.</summary>
internal sealed class Doubt(ulong seq, ulong since)
{
    /// <summary>Which of its records the doubt is about; a newer one ends it.</summary>
    internal ulong Seq { get; } = seq;

    /// <summary>Since when there has been no word from it.</summary>
    internal ulong Since { get; set; } = since;

    /// <summary>Whether another said that it is dead, so that no vote is needed, only a last try.</summary>
    internal bool IsHearsay { get; set; }

    internal ulong NextProbeAt { get; set; }

    internal ulong NextAlertAt { get; set; }

    /// <summary>The observers that could not reach it either.</summary>
    internal List<ulong> Votes { get; } = [];
}
