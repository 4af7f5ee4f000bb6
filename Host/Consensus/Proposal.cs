using Wetware.Core;

namespace Wetware.Host.Consensus;

/// <summary>A proposal that awaits its outcome. Completed exactly once, by the loop that took it.</summary>
internal sealed class Proposal
{
    private readonly TaskCompletionSource<Outcome> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="payload">Header and command, kept by the log.</param>
    /// <param name="header">What the payload starts with.</param>
    /// <param name="deadline">When to give up, in milliseconds of the loop's clock.</param>
    public Proposal(ReadOnlyMemory<byte> payload, EntryHeader header, long deadline)
    {
        Payload = payload;
        Header = header;
        Deadline = deadline;
    }

    public ReadOnlyMemory<byte> Payload { get; }

    public EntryHeader Header { get; }

    public long Deadline { get; }

    /// <summary>Where it stands in the log if it was appended; zero before.</summary>
    public LogIndex Index { get; set; }

    public Task<Outcome> Done => _done.Task;

    public bool IsDone => _done.Task.IsCompleted;

    public void Complete(Outcome outcome) => _done.TrySetResult(outcome);
}
