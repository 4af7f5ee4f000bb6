using Wetware.Core;
using Wetware.Raft.Quorums;

namespace Wetware.Raft.Consensus;

/// <summary>Standing for election, and voting.</summary>
internal static class Elections
{
    /// <summary>Campaigns, unless this node leads, could not lead, or may be about to apply a change of who votes.</summary>
    /// <param name="core">The node.</param>
    /// <param name="isTransfer">Whether the leader asked for it; then there is no need to ask around first.</param>
    public static void Hup(RaftCore core, bool isTransfer)
    {
        var (log, apply) = (core.Log, core.Apply);
        if (core.Role == Role.Leader || !core.IsPromotable)
        {
            return;
        }

        if (apply.Applied < log.Committed && log.HasConfChange(apply.Applied, log.Committed, apply.BytesMax))
        {
            return;
        }

        if (core.Config.PreVote && !isTransfer)
        {
            core.BecomePreCandidate();
            RequestVotes(core, MessageType.MsgPreVote, core.Term.Next, isTransfer);
        }
        else
        {
            core.BecomeCandidate();
            RequestVotes(core, MessageType.MsgVote, core.Term, isTransfer);
        }
    }

    /// <summary>Answers a request for a vote of this term, or for a pre-vote of a later one.</summary>
    public static void HandleRequest(RaftCore core, in Message message)
    {
        var isPreVote = message.Type == MessageType.MsgPreVote;
        var mayVote = core.Vote == message.From
            || (core.Vote == NodeId.None && core.Leader == NodeId.None)
            || (isPreVote && message.Term > core.Term);
        var answer = isPreVote ? MessageType.MsgPreVoteResp : MessageType.MsgVoteResp;
        if (!mayVote || core.IsRepairing || !core.Log.IsUpToDate(message.Index, message.LogTerm))
        {
            ref var refusal = ref core.Send(answer, message.From);
            refusal.Reject = true;
            ShareCommit(core, ref refusal);
            return;
        }

        // Learners vote too: one that was promoted may not know it yet, and the candidate knows whom it asks. The answer
        // bears the term of the request, which a pre-candidate has not entered yet and would otherwise take for stale.
        core.Send(answer, message.From).Term = message.Term;
        if (!isPreVote)
        {
            core.CastVote(message.From);
        }
    }

    /// <summary>Counts an answer to this node's own candidacy.</summary>
    public static void HandleResponse(RaftCore core, in Message message)
    {
        core.Tracker.RecordVote(message.From, !message.Reject);
        switch (core.Tracker.TallyVotes())
        {
            case VoteResult.Won when core.Tracker.Find(core.Id) is not { IsLearner: false, IsWitness: false }:
                // A refusal told it what is committed, and that was its own removal.
                core.BecomeFollower(core.Term, NodeId.None);
                break;
            case VoteResult.Won when core.Role == Role.PreCandidate:
                core.BecomeCandidate();
                RequestVotes(core, MessageType.MsgVote, core.Term, isTransfer: false);
                break;
            case VoteResult.Won when core.Tracker.Find(core.Id)!.Vote is null:
                // Until its own vote is durable, a crash would let it stand again in this term, and say other things at the same places of the log.
                break;
            case VoteResult.Won:
                core.BecomeLeader();
                Replication.BroadcastAppend(core);
                break;
            case VoteResult.Lost:
                core.BecomeFollower(core.Term, NodeId.None);
                break;
        }
    }

    /// <summary>
    /// Adds to a refusal what this node knows to be committed, if it is not among the voters any more. A leader that was
    /// removed steps down as soon as it knows that its removal is committed, perhaps as the only one that knows; the others
    /// would still need its vote, and its log may be longer than theirs for ever.
    /// </summary>
    public static void ShareCommit(RaftCore core, ref Message refusal)
    {
        if (core.Tracker.Find(core.Id) is not ({ IsIncoming: true } or { IsOutgoing: true }) && core.Log.TryTerm(core.Log.Committed, out var term))
        {
            refusal.Commit = core.Log.Committed;
            refusal.LogTerm = term;
        }
    }

    /// <summary>Takes what <see cref="ShareCommit"/> gave: if the entry is here, so is everything before it, and it is committed.</summary>
    public static void LearnCommit(RaftCore core, in Message refusal)
    {
        if (refusal.Commit > core.Log.Committed && core.Log.Matches(refusal.Commit, refusal.LogTerm))
        {
            core.Log.CommitTo(refusal.Commit);
        }
    }

    private static void RequestVotes(RaftCore core, MessageType type, Term term, bool isTransfer)
    {
        foreach (var member in core.Tracker.Members)
        {
            if (!member.IsIncoming && !member.IsOutgoing)
            {
                continue;
            }

            if (member.Id == core.Id)
            {
                // Its own vote counts once it is durable, like any other.
                var answer = type == MessageType.MsgPreVote ? MessageType.MsgPreVoteResp : MessageType.MsgVoteResp;
                core.Send(answer, core.Id).Term = term;
                continue;
            }

            ref var message = ref core.Send(type, member.Id);
            message.Term = term;
            message.Index = core.Log.LastIndex;
            message.LogTerm = core.Log.LastTerm;
            message.Context = isTransfer ? Message.CampaignTransfer : 0;
        }
    }
}
