using Wetware.Core;
using Wetware.Raft.Tracking;

namespace Wetware.Raft.Consensus;

/// <summary>How a node passes from one configuration to the next.</summary>
internal static class Configuration
{
    /// <summary>Puts a committed change in force. Null, or why every node rejects it alike.</summary>
    public static string? Apply(RaftCore core, ConfChangeV2 change)
    {
        var error = Draft(core.Tracker.Config, change, out var draft);
        if (error is null)
        {
            Install(core, draft);
            React(core);
        }

        return error;
    }

    /// <summary>What a change makes of a configuration. Null, or why every node rejects it alike.</summary>
    public static string? Draft(ConfState config, ConfChangeV2 change, out ConfDraft draft)
    {
        draft = new ConfDraft(config);
        return change.LeavesJoint ? draft.LeaveJoint()
            : change.EntersJoint(out var autoLeave) ? draft.EnterJoint(autoLeave, change.Changes.AsSpan())
            : draft.Simple(change.Changes.AsSpan());
    }

    /// <summary>Puts a stored configuration in force, knowing nothing of its members. Null, or why it cannot be one.</summary>
    public static string? Restore(RaftCore core, ConfState config)
    {
        var draft = new ConfDraft(config);
        if (draft.Check() is { } error)
        {
            return error;
        }

        core.Tracker.Clear();
        Install(core, draft);
        return null;
    }

    /// <summary>Replaces log and configuration by a leader's snapshot, unless it is of no use. True if that was done.</summary>
    public static bool MaybeRestore(RaftCore core, Snapshot snapshot)
    {
        Invariant.Check(core.Role == Role.Follower);
        var meta = snapshot.Metadata;
        if (meta.Index <= core.Log.Committed || !meta.ConfState.Contains(core.Id) || new ConfDraft(meta.ConfState).Check() is not null)
        {
            return false;
        }

        if (core.Log.Matches(meta.Index, meta.Term))
        {
            // The log already has all of it, and now knows that it is committed.
            core.Log.CommitTo(meta.Index);
            return false;
        }

        core.Log.Restore(snapshot);
        var error = Restore(core, meta.ConfState);
        Invariant.Check(error is null);
        return true;
    }

    private static void Install(RaftCore core, ConfDraft draft) => core.Tracker.Install(draft, id => NewMember(core, id));

    private static Progress NewMember(RaftCore core, NodeId id)
    {
        var bytesMax = core.Config.InflightBytesMax == 0 ? ulong.MaxValue : core.Config.InflightBytesMax;
        return Progress.ForNewMember(id, core.Log.LastIndex, core.Config.InflightMessagesMax, bytesMax);
    }

    /// <summary>What a leader does about a configuration that has just come into force.</summary>
    private static void React(RaftCore core)
    {
        if (core.Role != Role.Leader)
        {
            return;
        }

        if (core.Tracker.Find(core.Id) is not { IsLearner: false })
        {
            if (core.Config.StepDownOnRemoval)
            {
                core.BecomeFollower(core.Term, NodeId.None);
            }

            return;
        }

        // A smaller quorum may have been reached already; new members start at once either way.
        if (LeaderSteps.MaybeCommit(core))
        {
            Reading.Resume(core);
            Replication.BroadcastAppend(core);
        }
        else
        {
            Replication.BroadcastMissing(core);
        }

        Reading.Release(core);
        if (core.Tracker.Find(core.Transferee) is not ({ IsIncoming: true } or { IsOutgoing: true }))
        {
            core.Transferee = NodeId.None;
        }
    }
}
