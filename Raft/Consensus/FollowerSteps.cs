using Wetware.Core;

namespace Wetware.Raft.Consensus;

/// <summary>What followers do with a message of their own term.</summary>
internal static class FollowerSteps
{
    public static StepResult Step(RaftCore core, in Message message)
    {
        switch (message.Type)
        {
            case MessageType.MsgApp:
                core.Follow(message.From);
                return HandleAppend(core, message);
            case MessageType.MsgHeartbeat:
                core.Follow(message.From);
                HandleHeartbeat(core, message);
                return StepResult.Ok;
            case MessageType.MsgSnap:
                core.Follow(message.From);
                return HandleSnapshot(core, message);
            case MessageType.MsgProp:
                return Forward(core, message);
            case MessageType.MsgReadIndex:
                ForwardRead(core, message);
                return StepResult.Ok;
            case MessageType.MsgReadIndexResp:
                core.ReadStates.Add(new(message.Index, message.Context));
                return StepResult.Ok;
            case MessageType.MsgTransferLeader when core.Leader != NodeId.None:
                core.Send(MessageType.MsgTransferLeader, core.Leader).From = message.From;
                return StepResult.Ok;
            case MessageType.MsgTimeoutNow:
                Elections.Hup(core, isTransfer: true);
                return StepResult.Ok;
            case MessageType.MsgForgetLeader when core.Config.ReadMode != ReadMode.LeaseBased:
                core.ForgetLeader();
                return StepResult.Ok;
            default:
                return StepResult.Ok;
        }
    }

    private static StepResult HandleAppend(RaftCore core, in Message message)
    {
        var log = core.Log;
        if (message.Index < log.Committed)
        {
            core.Send(MessageType.MsgAppResp, message.From).Index = log.Committed;
            return StepResult.Ok;
        }

        switch (log.MaybeAppend(message.Index, message.LogTerm, message.Entries.Span, message.Commit))
        {
            case AppendOutcome.Appended:
                core.Send(MessageType.MsgAppResp, message.From).Index = message.Index + (ulong)message.Entries.Length;
                return StepResult.Ok;
            case AppendOutcome.Contradiction:
                return StepResult.Malformed;
            default:
                RejectAppend(core, message);
                return StepResult.Ok;
        }
    }

    /// <summary>
    /// Refuses, with a hint where the logs may still agree: everything here of a higher term than the leader's previous
    /// entry cannot be in the leader's log before it, so a whole term's entries are skipped at once.
    /// </summary>
    private static void RejectAppend(RaftCore core, in Message message)
    {
        var last = message.Index < core.Log.LastIndex ? message.Index : core.Log.LastIndex;
        var (index, term) = core.Log.FindConflictByTerm(last, message.LogTerm);
        ref var answer = ref core.Send(MessageType.MsgAppResp, message.From);
        answer.Index = message.Index;
        answer.Reject = true;
        answer.RejectHint = index;
        answer.LogTerm = term;
        answer.Context = core.IsRepairing ? Message.LostEntries : 0;
    }

    private static void HandleHeartbeat(RaftCore core, in Message message)
    {
        // A leader never tells a follower to commit what the follower has not acknowledged. If it does, this node has
        // lost entries it had promised to keep; it must not take its own for theirs.
        if (message.Commit <= core.Log.LastIndex)
        {
            core.Log.CommitTo(message.Commit);
        }

        if (Quiescence.Hear(core, message))
        {
            core.Send(MessageType.MsgHeartbeatResp, message.From).Context = message.Context;
        }
    }

    private static StepResult HandleSnapshot(RaftCore core, in Message message)
    {
        if (message.Snapshot is not { } snapshot)
        {
            return StepResult.Malformed;
        }

        var isRestored = Configuration.MaybeRestore(core, snapshot);
        core.Send(MessageType.MsgAppResp, message.From).Index = isRestored ? core.Log.LastIndex : core.Log.Committed;
        return StepResult.Ok;
    }

    private static StepResult Forward(RaftCore core, in Message message)
    {
        if (core.Leader == NodeId.None || !core.Config.ForwardProposals)
        {
            return StepResult.ProposalDropped;
        }

        var start = core.Outbox.Entries.Count;
        core.Outbox.Entries.AddRange(message.Entries.Span);
        ref var forwarded = ref core.Send(MessageType.MsgProp, core.Leader);
        forwarded.From = message.From;
        forwarded.Entries = core.Outbox.Entries.Range(start, message.Entries.Length);
        return StepResult.Ok;
    }

    private static void ForwardRead(RaftCore core, in Message message)
    {
        if (core.Leader == NodeId.None)
        {
            return;
        }

        ref var forwarded = ref core.Send(MessageType.MsgReadIndex, core.Leader);
        forwarded.From = message.From == NodeId.None ? core.Id : message.From;
        forwarded.Context = message.Context;
    }
}
