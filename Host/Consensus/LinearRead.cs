using Wetware.Core;

namespace Wetware.Host.Consensus;

/// <summary>A wait for the moment from which on this replica's state answers linearizably. Owned by the loop.</summary>
/// <param name="deadline">When to give up, in milliseconds of the loop's clock.</param>
internal sealed class LinearRead(long deadline)
{
    private readonly TaskCompletionSource<LogIndex> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Deadline { get; } = deadline;

    /// <summary>When to ask again, because an answer may never come.</summary>
    public long AskAgain { get; set; }

    /// <summary>The number under which it was last asked for.</summary>
    public ulong Number { get; set; }

    /// <summary>What has to be applied; zero while that is not known.</summary>
    public LogIndex Index { get; set; }

    /// <summary>What to run on the loop at that moment, before <see cref="Done"/> completes.</summary>
    public Action? OnLoop { get; init; }

    public Task<LogIndex> Done => _done.Task;

    public void Complete()
    {
        OnLoop?.Invoke();
        _done.TrySetResult(Index);
    }

    public void Fail(Exception failure) => _done.TrySetException(failure);
}
