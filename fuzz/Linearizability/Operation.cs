namespace Wetware.Fuzz.Linearizability;

/// <summary>
/// One operation of a history: who called, when it was invoked and returned, and what was asked and answered.
/// Times are of any one clock; only their order counts. An operation precedes another if it returned strictly before
/// the other was invoked, so that a tie counts as overlap and never raises a false alarm.
/// </summary>
/// <param name="Client">The caller; used for drawing only.</param>
/// <param name="Invoked">When the call began.</param>
/// <param name="Returned">When the answer came; <see cref="Operation.Open"/> where none came. Invariant: not before Invoked.</param>
/// <param name="Call">What was asked, and what was answered.</param>
internal readonly record struct Operation<TCall>(int Client, long Invoked, long Returned, TCall Call)
{
    /// <summary>Whether no answer came: it may have happened at any time since, or never.</summary>
    public bool IsOpen => Returned == Operation.Open;
}

/// <summary>What holds for operations of every kind.</summary>
internal static class Operation
{
    /// <summary>The return time of an operation that never returned.</summary>
    public const long Open = long.MaxValue;
}
