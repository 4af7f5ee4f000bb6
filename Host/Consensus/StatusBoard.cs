using Microsoft.Extensions.Logging;
using Wetware.Core;
using Wetware.Protocol;
using Wetware.Raft;

namespace Wetware.Host.Consensus;

/// <summary>Where a group's loop publishes what the group is up to, and any thread may read it.</summary>
internal sealed class StatusBoard(GroupId id, RawNode node, IStateMachine machine, ILogger logger)
{
    private TaskCompletionSource? _changed;

    /// <summary>As of the last step of the loop.</summary>
    public GroupStatus Status { get; private set; } = Make(id, node, machine, LogIndex.Zero);

    /// <summary>Completes when <see cref="Status"/> next changes.</summary>
    public Task Changed
    {
        get
        {
            var waiting = Volatile.Read(ref _changed);
            if (waiting is null)
            {
                var fresh = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                waiting = Interlocked.CompareExchange(ref _changed, fresh, null) ?? fresh;
            }

            return waiting.Task;
        }
    }

    /// <summary>Publishes whatever is different.</summary>
    public void Publish(LogIndex applied)
    {
        var before = Status;
        var soft = node.SoftState;
        if (before.Applied == applied && before.Leader == soft.Leader && before.IsLeader == (soft.Role == Role.Leader) && before.Term == node.HardState.Term
            && before.Commit == node.HardState.Commit)
        {
            return;
        }

        Status = Make(id, node, machine, applied);
        if (before.Leader != soft.Leader)
        {
            Log.LeaderChanged(logger, id.Value, soft.Leader.ToString(), Status.Term.Value);
            if (soft.Leader != NodeId.None)
            {
                Metrics.LeaderChanges.Add(1);
            }
        }

        // Whoever asks from here on sees the new status.
        Interlocked.Exchange(ref _changed, null)?.TrySetResult();
    }

    private static GroupStatus Make(GroupId id, RawNode node, IStateMachine machine, LogIndex applied) => new()
    {
        Group = id,
        Node = node.Id,
        Leader = node.SoftState.Leader,
        IsLeader = node.SoftState.Role == Role.Leader,
        Term = node.HardState.Term,
        Commit = node.HardState.Commit,
        Applied = applied,
        Digest = machine.Digest,
        Voters = node.ConfState.Voters,
        Learners = node.ConfState.Learners,
    };
}
