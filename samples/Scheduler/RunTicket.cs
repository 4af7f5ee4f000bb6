namespace Wetware.Samples.Scheduler;

/// <summary>What waits in line: one run of one task.</summary>
/// <param name="Task">The id of the task.</param>
/// <param name="Number">Which run of it, from 1.</param>
internal sealed record RunTicket(string Task, int Number);
