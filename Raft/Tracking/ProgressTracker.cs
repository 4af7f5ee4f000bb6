using Wetware.Core;
using Wetware.Raft.Quorums;

namespace Wetware.Raft.Tracking;

/// <summary>
/// The current configuration and what is known about each of its members, in the order of their ids. Groups are small,
/// so members are found by walking an array.
/// </summary>
internal sealed class ProgressTracker
{
    private Progress[] _members = [];

    /// <summary>The configuration in force.</summary>
    public ConfState Config { get; private set; } = ConfState.Empty;

    /// <summary>All members, ascending by id.</summary>
    public ReadOnlySpan<Progress> Members => _members;

    /// <summary>Whether one voter decides everything alone.</summary>
    public bool IsSingleton => Config.Voters.Length == 1 && !Config.IsJoint;

    /// <summary>Puts a drafted configuration in force, keeping what is known about members that stay.</summary>
    public void Install(ConfDraft draft, Func<NodeId, Progress> newMember)
    {
        var (config, ids) = (draft.ToConfState(), draft.Members());
        Invariant.Check(ids.Length <= Limits.MembersMax);
        var members = new Progress[ids.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            Invariant.Check(i == 0 || ids[i - 1] < ids[i]);
            var member = (draft.IsRenewed(ids[i]) ? null : Find(ids[i])) ?? newMember(ids[i]);
            member.IsIncoming = config.Voters.Contains(member.Id);
            member.IsOutgoing = config.VotersOutgoing.Contains(member.Id);
            member.IsLearner = config.Learners.Contains(member.Id);
            member.IsWitness = config.Witnesses.Contains(member.Id);
            members[i] = member;
        }

        (Config, _members) = (config, members);
    }

    /// <summary>Forgets all members.</summary>
    public void Clear() => (Config, _members) = (ConfState.Empty, []);

    /// <summary>The member of that id; null if it is none.</summary>
    public Progress? Find(NodeId id)
    {
        foreach (var member in _members)
        {
            if (member.Id == id)
            {
                return member;
            }
        }

        return null;
    }

    /// <summary>The highest index that a quorum is known to hold.</summary>
    public LogIndex Committed()
    {
        Span<ulong> incoming = stackalloc ulong[_members.Length];
        Span<ulong> outgoing = stackalloc ulong[_members.Length];
        var (i, o) = (0, 0);
        foreach (var member in _members)
        {
            if (member.IsIncoming)
            {
                incoming[i++] = member.Match.Value;
            }

            if (member.IsOutgoing)
            {
                outgoing[o++] = member.Match.Value;
            }
        }

        return new(Math.Min(QuorumMath.Reached(incoming[..i]), QuorumMath.Reached(outgoing[..o])));
    }

    /// <summary>The highest heartbeat round that a quorum has answered.</summary>
    public ulong AckedRound()
    {
        Span<ulong> incoming = stackalloc ulong[_members.Length];
        Span<ulong> outgoing = stackalloc ulong[_members.Length];
        var (i, o) = (0, 0);
        foreach (var member in _members)
        {
            if (member.IsIncoming)
            {
                incoming[i++] = member.AckedRound;
            }

            if (member.IsOutgoing)
            {
                outgoing[o++] = member.AckedRound;
            }
        }

        return Math.Min(QuorumMath.Reached(incoming[..i]), QuorumMath.Reached(outgoing[..o]));
    }

    /// <summary>Forgets all votes before a candidacy.</summary>
    public void ResetVotes()
    {
        foreach (var member in _members)
        {
            member.Vote = null;
        }
    }

    /// <summary>Counts a member's answer to this node's candidacy; only the first one counts.</summary>
    public void RecordVote(NodeId id, bool granted)
    {
        if (Find(id) is { Vote: null } member)
        {
            member.Vote = granted;
        }
    }

    /// <summary>How this node's candidacy stands.</summary>
    public VoteResult TallyVotes() => Tally(static member => member.Vote);

    /// <summary>Whether a quorum has been heard of since <see cref="Progress.RecentActive"/> was last cleared.</summary>
    public bool IsQuorumActive() => Tally(static member => member.RecentActive) == VoteResult.Won;

    private VoteResult Tally(Func<Progress, bool?> answerOf)
    {
        var (incomingGranted, incomingRefused, outgoingGranted, outgoingRefused) = (0, 0, 0, 0);
        foreach (var member in _members)
        {
            var answer = answerOf(member);
            incomingGranted += member.IsIncoming && answer == true ? 1 : 0;
            incomingRefused += member.IsIncoming && answer == false ? 1 : 0;
            outgoingGranted += member.IsOutgoing && answer == true ? 1 : 0;
            outgoingRefused += member.IsOutgoing && answer == false ? 1 : 0;
        }

        return QuorumMath.Both(
            QuorumMath.Tally(Config.Voters.Length, incomingGranted, incomingRefused),
            QuorumMath.Tally(Config.VotersOutgoing.Length, outgoingGranted, outgoingRefused));
    }
}
