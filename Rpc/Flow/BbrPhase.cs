namespace Wetware.Rpc.Flow;

/// <summary>Where a <see cref="BbrWindow"/> is in its search for the link's rate and delay.</summary>
public enum BbrPhase
{
    /// <summary>The window doubles every round until the rate stops growing.</summary>
    Startup,

    /// <summary>What startup queued on the link drains.</summary>
    Drain,

    /// <summary>Steady, with a little more, then a little less, once in a while.</summary>
    ProbeRate,

    /// <summary>Nearly empty for a moment, to see the link's bare delay.</summary>
    ProbeDelay,
}
