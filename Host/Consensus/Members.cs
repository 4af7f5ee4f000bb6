using System.Collections.Immutable;
using Wetware.Core;
using Wetware.Raft;

namespace Wetware.Host.Consensus;

/// <summary>
/// Who belongs to a group: admits whoever asks as a learner, makes learners voters once they have caught up, and keeps
/// the directory in step with the configuration. Owned by the loop.
/// </summary>
internal sealed class Members(RawNode node, MemberDirectory directory)
{
    /// <summary>Entries that a learner may be behind when it is made a voter.</summary>
    private const ulong CaughtUpEntries = 64;

    private readonly Dictionary<NodeId, MemberInfo> _asking = [];

    /// <summary>Somebody wants to be a member. Matters only on the leader, where it is proposed at the next tick.</summary>
    public void Admit(MemberInfo member)
    {
        if (node.SoftState.Role == Role.Leader && _asking.Count < Limits.VotersMax * 4)
        {
            _asking[member.Node] = member;
        }
    }

    /// <summary>Proposes at most one change at a time; the core refuses a second one while one is under way.</summary>
    public void Tick()
    {
        if (node.SoftState.Role != Role.Leader)
        {
            _asking.Clear();
            return;
        }

        foreach (var (id, member) in _asking)
        {
            if (FormerSelf(member) is { } former)
            {
                _asking.Remove(id);
                Replace(former, member);
                return;
            }

            if (node.ConfState.Contains(id) && directory.Find(id) is not null)
            {
                _asking.Remove(id);
                return;
            }

            if (!node.ConfState.Contains(id))
            {
                Propose(ConfChangeType.AddLearnerNode, member);
                return;
            }

            _asking.Remove(id);
            return;
        }

        Promote();
    }

    /// <summary>Puts a committed change in force, with what it says of the member.</summary>
    public void Apply(in Entry entry)
    {
        if (!ConfChangeV2.TryDecode(entry, out var change) || node.ApplyConfChange(change) is not null)
        {
            return;
        }

        foreach (var single in change.Changes)
        {
            if (single.Type == ConfChangeType.RemoveNode)
            {
                directory.Remove(single.NodeId);
            }
            else if (MemberInfo.Decode(change.Context.Span) is { } member && member.Node == single.NodeId)
            {
                directory.Set(member);
            }
        }
    }

    /// <summary>The same peer with another data folder, if it is a member.</summary>
    private MemberInfo? FormerSelf(MemberInfo member)
    {
        foreach (var other in directory.Members)
        {
            if (other.Peer == member.Peer && other.Node != member.Node && node.ConfState.Contains(other.Node))
            {
                return other;
            }
        }

        return null;
    }

    // Two processes that share an identity must not drive each other out: one of which something is still heard stays.
    private void Replace(MemberInfo former, MemberInfo member)
    {
        if (former.Node != node.Id && node.TryProgress(former.Node, out var progress) && !progress.RecentActive)
        {
            Propose(ConfChangeType.RemoveNode, member with { Node = former.Node });
        }
    }

    private void Promote()
    {
        if (node.ConfState.Voters.Length >= Limits.VotersMax)
        {
            return;
        }

        foreach (var learner in node.ConfState.Learners)
        {
            if (directory.Find(learner) is { Votes: true } member
                && node.TryProgress(learner, out var progress)
                && progress.RecentActive
                && progress.Match > LogIndex.Zero
                && progress.Match + CaughtUpEntries >= node.LastIndex)
            {
                Propose(ConfChangeType.AddNode, member);
                return;
            }
        }
    }

    private void Propose(ConfChangeType type, MemberInfo member) =>
        _ = node.ProposeConfChange(new ConfChangeV2(ConfChangeTransition.Auto, [new ConfChangeSingle(type, member.Node)], member.Encode()));
}
