namespace Wetware.Samples.Scheduler;

/// <summary>What became of one run.</summary>
/// <param name="Number">Which run of the task, from 1.</param>
/// <param name="Attempt">Which try of this run it was, from 1: more than 1 if workers were lost with it.</param>
/// <param name="Ending">In which way it ended.</param>
/// <param name="ExitCode">What the program chose; null if it did not exit by itself.</param>
/// <param name="Reason">Why it did not exit by itself, in one line; empty if it did.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Error">The beginning of what it wrote to standard error.</param>
/// <param name="Worker">The node that ran it.</param>
/// <param name="Began">When, by the clock of that node.</param>
/// <param name="Ended">When, by the clock of that node.</param>
internal sealed record RunRecord(
    int Number, uint Attempt, RunEnding Ending, uint? ExitCode, string Reason, byte[] Output, byte[] Error, string Worker, DateTimeOffset Began, DateTimeOffset Ended);
