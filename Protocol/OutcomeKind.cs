namespace Wetware.Protocol;

/// <summary>How a proposal ended. The three are never mixed up: only <see cref="Dropped"/> may be retried blindly.</summary>
public enum OutcomeKind
{
    /// <summary>It was applied, and this is its reply.</summary>
    Committed,

    /// <summary>It was certainly not applied and never will be.</summary>
    Dropped,

    /// <summary>It may or may not be applied, now or later.</summary>
    Unknown,
}
