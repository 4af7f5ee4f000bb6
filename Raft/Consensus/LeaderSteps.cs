using Wetware.Core;
using Wetware.Raft.Tracking;

namespace Wetware.Raft.Consensus;

/// <summary>What a leader does with a message of its own term.</summary>
internal static class LeaderSteps
{
    public static StepResult Step(RaftCore core, in Message message)
    {
        switch (message.Type)
        {
            case MessageType.MsgProp:
                return Proposals.Propose(core, message.Entries);
            case MessageType.MsgReadIndex:
                Reading.Request(core, message.From, message.Context);
                return StepResult.Ok;
        }

        // Everything else is about a member; from others it means nothing.
        if (core.Tracker.Find(message.From) is not { } member)
        {
            return StepResult.Ok;
        }

        switch (message.Type)
        {
            case MessageType.MsgAppResp:
                return HandleAppendAnswer(core, member, message);
            case MessageType.MsgHeartbeatResp:
                HandleHeartbeatAnswer(core, member, message);
                break;
            case MessageType.MsgSnapStatus:
                HandleSnapshotStatus(member, message.Reject);
                break;
            case MessageType.MsgUnreachable when member.State == ProgressState.Replicate:
                // Most likely an append was lost.
                member.BecomeProbe();
                break;
            case MessageType.MsgTransferLeader:
                Transfer(core, member);
                break;
        }

        return StepResult.Ok;
    }

    /// <summary>Steps down unless a quorum was heard of since the last check (section 6.2).</summary>
    public static void CheckQuorum(RaftCore core)
    {
        if (!core.Tracker.IsQuorumActive() || core.IsStorageStalled)
        {
            core.BecomeFollower(core.Term, NodeId.None);
        }

        foreach (var member in core.Tracker.Members)
        {
            if (member.Id != core.Id)
            {
                member.RecentActive = false;
            }
        }
    }

    /// <summary>Commits what a quorum holds. True if that is more than before.</summary>
    public static bool MaybeCommit(RaftCore core) => core.Log.MaybeCommit(core.Tracker.Committed(), core.Term);

    private static StepResult HandleAppendAnswer(RaftCore core, Progress member, in Message message)
    {
        if (!message.Reject && message.Index > core.Log.LastIndex)
        {
            // Nobody can hold more of this leader's log than there is.
            return StepResult.Malformed;
        }

        member.RecentActive = true;
        if (message.Reject && message.Context == Message.LostEntries)
        {
            // It had acknowledged them, so its answer would otherwise look outdated.
            member.Regress(message.RejectHint);
            Replication.MaybeSendAppend(core, member, sendIfEmpty: true);
        }
        else if (message.Reject)
        {
            HandleRejection(core, member, message);
        }
        else if (member.MaybeUpdate(message.Index) || (member.Match == message.Index && member.State == ProgressState.Probe))
        {
            HandleAcknowledgement(core, member, message.Index);
        }

        return StepResult.Ok;
    }

    private static void HandleRejection(RaftCore core, Progress member, in Message message)
    {
        if (member.State == ProgressState.Probe && message.Index <= member.Match)
        {
            // It refuses what it had acknowledged. Asking again at once would get the same answer at the speed of the network.
            member.FlowPaused = true;
            return;
        }

        // The follower's term at the hint says how far back its log must differ from ours: where our terms are higher,
        // it could not have said what it said. One probe for each of our terms at most.
        var hint = message.LogTerm > Term.Zero
            ? core.Log.FindConflictByTerm(message.RejectHint, message.LogTerm).Index
            : message.RejectHint;
        if (!member.MaybeDecreaseTo(message.Index, hint))
        {
            return;
        }

        if (member.State == ProgressState.Replicate)
        {
            member.BecomeProbe();
        }

        Replication.MaybeSendAppend(core, member, sendIfEmpty: true);
    }

    private static void HandleAcknowledgement(RaftCore core, Progress member, LogIndex index)
    {
        switch (member.State)
        {
            case ProgressState.Probe:
                member.BecomeReplicate();
                break;
            case ProgressState.Snapshot when member.Match.Next >= core.Log.FirstIndex:
                // Whatever brought it this far, the log can take it from here.
                member.BecomeProbe();
                member.BecomeReplicate();
                break;
            case ProgressState.Replicate:
                member.Inflights.FreeUpTo(index);
                break;
        }

        if (MaybeCommit(core))
        {
            Reading.Resume(core);
            Replication.BroadcastAppend(core);
        }
        else if (member.Id != core.Id && member.CanBumpCommit(core.Log.Committed))
        {
            Replication.MaybeSendAppend(core, member, sendIfEmpty: true);
        }

        if (member.Id == core.Id)
        {
            return;
        }

        while (Replication.MaybeSendAppend(core, member, sendIfEmpty: false))
        {
            // One acknowledgement can make room for several messages.
        }

        if (core.Transferee == member.Id && member.Match == core.Log.LastIndex)
        {
            Replication.SendTimeoutNow(core, member.Id);
        }
    }

    private static void HandleHeartbeatAnswer(RaftCore core, Progress member, in Message message)
    {
        member.RecentActive = true;
        member.FlowPaused = false;
        if (member.Match < core.Log.LastIndex || member.State == ProgressState.Probe)
        {
            Replication.MaybeSendAppend(core, member, sendIfEmpty: true);
        }

        Reading.Acknowledge(core, member, message.Context);
    }

    private static void HandleSnapshotStatus(Progress member, bool hasFailed)
    {
        if (member.State != ProgressState.Snapshot)
        {
            return;
        }

        if (hasFailed)
        {
            member.ForgetSnapshot();
        }

        member.BecomeProbe();
        // Then wait: for the follower's own answer if it worked, for a heartbeat before the next try if it did not.
        member.FlowPaused = true;
    }

    private static void Transfer(RaftCore core, Progress member)
    {
        if (member.IsLearner || member.IsWitness || core.Transferee == member.Id)
        {
            return;
        }

        core.Transferee = NodeId.None;
        if (member.Id == core.Id)
        {
            return;
        }

        // It has one election timeout to catch up and win (section 3.10).
        core.ElectionElapsed = 0;
        core.Transferee = member.Id;
        if (member.Match == core.Log.LastIndex)
        {
            Replication.SendTimeoutNow(core, member.Id);
        }
        else
        {
            Replication.MaybeSendAppend(core, member, sendIfEmpty: true);
        }
    }
}
