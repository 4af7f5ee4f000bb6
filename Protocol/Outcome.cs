using Wetware.Core;

namespace Wetware.Protocol;

/// <summary>How a proposal ended.</summary>
/// <param name="Kind">Which of the three.</param>
/// <param name="Index">Where it was committed; zero otherwise.</param>
/// <param name="Reply">What the state machine answered; empty otherwise. The receiver's own.</param>
/// <param name="Reason">Why it was not known to be committed; empty otherwise.</param>
public readonly record struct Outcome(OutcomeKind Kind, LogIndex Index, ReadOnlyMemory<byte> Reply, string Reason)
{
    /// <summary>Applied.</summary>
    public static Outcome Committed(LogIndex index, ReadOnlyMemory<byte> reply) => new(OutcomeKind.Committed, index, reply, "");

    /// <summary>Certainly not applied, ever.</summary>
    public static Outcome Dropped(string reason) => new(OutcomeKind.Dropped, default, default, reason);

    /// <summary>Perhaps applied, perhaps later.</summary>
    public static Outcome Unknown(string reason) => new(OutcomeKind.Unknown, default, default, reason);
}
