using Wetware.Core;

namespace Wetware.Raft.Consensus;

/// <summary>What every role does with a message: compare terms first, then hand on to the role.</summary>
internal static class Steps
{
    /// <summary>Takes a message, from elsewhere or from this node's own storage.</summary>
    public static StepResult Step(RaftCore core, in Message message)
    {
        if (core.IsQuiescent && Quiescence.IsEndedBy(core, message))
        {
            Quiescence.Wake(core);
        }

        if (message is { Reject: true, Type: MessageType.MsgVoteResp or MessageType.MsgPreVoteResp })
        {
            Elections.LearnCommit(core, message);
        }

        if (message.Term > core.Term)
        {
            if (!MeetHigherTerm(core, message))
            {
                return StepResult.Ok;
            }
        }
        else if (message.Term < core.Term && message.Term != Term.Zero)
        {
            AnswerLowerTerm(core, message);
            return StepResult.Ok;
        }

        switch (message.Type)
        {
            case MessageType.MsgStorageAppendResp:
                HandleAppended(core, message);
                return StepResult.Ok;
            case MessageType.MsgStorageApplyResp:
                HandleApplied(core, message.Entries.Span);
                return StepResult.Ok;
            case MessageType.MsgVote:
            case MessageType.MsgPreVote:
                Elections.HandleRequest(core, message);
                return StepResult.Ok;
            default:
                return core.Role switch
                {
                    Role.Leader => LeaderSteps.Step(core, message),
                    Role.Follower => FollowerSteps.Step(core, message),
                    _ => CandidateSteps.Step(core, message),
                };
        }
    }

    /// <summary>Takes note that entries up to <paramref name="index"/>, of that many bytes, are applied.</summary>
    public static void AppliedTo(RaftCore core, LogIndex index, ulong bytes)
    {
        core.Apply.AppliedTo(index, bytes);
        Proposals.LeaveJointIfDue(core);
    }

    /// <summary>Enters the message's term if it is one to enter. False if the message is to be ignored.</summary>
    private static bool MeetHigherTerm(RaftCore core, in Message message)
    {
        var isRequest = message.Type is MessageType.MsgVote or MessageType.MsgPreVote;
        if (isRequest && message.Context != Message.CampaignTransfer && (core.IsInLease || core.MayHaveForgottenLease))
        {
            // Somebody who cannot hear the leader must not depose it while others do.
            return false;
        }

        // Asking for a pre-vote or getting one changes nobody's term; being refused by somebody ahead does.
        if (message.Type == MessageType.MsgPreVote || (message.Type == MessageType.MsgPreVoteResp && !message.Reject))
        {
            return true;
        }

        var isFromLeader = message.Type is MessageType.MsgApp or MessageType.MsgHeartbeat or MessageType.MsgSnap;
        core.BecomeFollower(message.Term, isFromLeader ? message.From : NodeId.None);
        return true;
    }

    private static void AnswerLowerTerm(RaftCore core, in Message message)
    {
        switch (message.Type)
        {
            case MessageType.MsgHeartbeat or MessageType.MsgApp when core.Config.CheckQuorum || core.Config.PreVote:
                // A leader of an older term learns of this one. Otherwise a node that came back with a higher term could
                // neither win, since the others ignore its candidacy, nor follow.
                core.Send(MessageType.MsgAppResp, message.From);
                break;
            case MessageType.MsgPreVote:
                // Silence could lock out candidates with a higher term but a shorter log.
                ref var refusal = ref core.Send(MessageType.MsgPreVoteResp, message.From);
                refusal.Reject = true;
                Elections.ShareCommit(core, ref refusal);
                break;
            case MessageType.MsgStorageAppendResp when message.Snapshot is not null:
                // The entries may have been replaced since, but a snapshot is committed state in any term.
                AppliedSnapshot(core, message.Snapshot);
                break;
        }
    }

    private static void HandleAppended(RaftCore core, in Message message)
    {
        if (message.Index != LogIndex.Zero)
        {
            core.Log.Unstable.StableTo(message.Index, message.LogTerm);
            if (core.Role == Role.Leader)
            {
                Replication.FeedWitnesses(core);
            }
        }

        if (message.Snapshot is not null)
        {
            AppliedSnapshot(core, message.Snapshot);
        }
    }

    private static void HandleApplied(RaftCore core, ReadOnlySpan<Entry> entries)
    {
        if (entries.Length == 0)
        {
            return;
        }

        AppliedTo(core, entries[^1].Index, ApplyQueue.BytesOf(entries));
        ulong payload = 0;
        foreach (ref readonly var entry in entries)
        {
            payload += (ulong)entry.Data.Length;
        }

        core.UncommittedBytes -= Math.Min(core.UncommittedBytes, payload);
    }

    private static void AppliedSnapshot(RaftCore core, Snapshot snapshot)
    {
        core.Log.Unstable.StableSnapshotTo(snapshot.Metadata.Index);
        AppliedTo(core, snapshot.Metadata.Index, 0);
    }
}
