namespace Wetware.Host.Services.Processes;

/// <summary>
/// What is started through one executor. It ends at once, with all that runs in it, when the executor is given back. A group that was leased from
/// another lies within it: it has the same owner and budget, and ends with it. All but <see cref="Ended"/> is guarded by the lock of the <see cref="ProcessTable"/>.
/// </summary>
internal sealed class ProcessGroup
{
    private readonly ProcessGroup? _above;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="owner">The process that all of it is a child of: the root for a session, the program for what a program starts.</param>
    /// <param name="budget">The session that pays for it.</param>
    public ProcessGroup(uint owner, SessionBudget budget)
    {
        Owner = owner;
        Budget = budget;
    }

    /// <summary>Leases one.</summary>
    public ProcessGroup(ProcessGroup above)
    {
        _above = above;
        Owner = above.Owner;
        Budget = above.Budget;
        Depth = above.Depth + 1;
    }

    public uint Owner { get; }

    public SessionBudget Budget { get; }

    /// <summary>How many groups it lies within.</summary>
    public int Depth { get; }

    public bool IsLeased => _above is not null;

    /// <summary>Completes when this group itself is ended.</summary>
    public Task Ended => _ended.Task;

    public bool IsOver => _ended.Task.IsCompleted || _above is { IsOver: true };

    /// <summary>Whether another is this one or lies within it.</summary>
    public bool Contains(ProcessGroup? other)
    {
        while (other is not null && !ReferenceEquals(other, this))
        {
            other = other._above;
        }

        return other is not null;
    }

    public void End() => _ended.TrySetResult();
}
