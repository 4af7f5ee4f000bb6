using System.Collections.Immutable;
using Wetware.Core;

namespace Wetware.Raft.Tracking;

/// <summary>
/// A configuration while it is being changed, apart from the one in force: nothing of a change that turns out to be
/// impossible is ever seen. Every node comes to the same verdict, because it depends on the configuration and the
/// change only.
/// </summary>
internal sealed class ConfDraft
{
    private readonly SortedSet<NodeId> _incoming;
    private readonly SortedSet<NodeId> _outgoing;
    private readonly SortedSet<NodeId> _learners;
    private readonly SortedSet<NodeId> _learnersNext;
    private readonly SortedSet<NodeId> _witnesses;
    private readonly SortedSet<NodeId> _members;
    private readonly HashSet<NodeId> _renewed = [];
    private readonly int _votersBefore;
    private bool _autoLeave;

    public ConfDraft(ConfState config)
    {
        _incoming = [.. config.Voters];
        _outgoing = [.. config.VotersOutgoing];
        _learners = [.. config.Learners];
        _learnersNext = [.. config.LearnersNext];
        _witnesses = [.. config.Witnesses];
        _members = [.. config.Voters, .. config.VotersOutgoing, .. config.Learners];
        _autoLeave = config.AutoLeave;
        _votersBefore = _incoming.Count;
        Before = config;
    }

    private ConfState Before { get; }

    private bool IsJoint => _outgoing.Count > 0;

    /// <summary>Makes a change that does not use a joint configuration. Null, or why it cannot be made.</summary>
    public string? Simple(ReadOnlySpan<ConfChangeSingle> changes)
    {
        if (IsJoint)
        {
            return "can't apply simple config change in joint config";
        }

        if (Make(changes) is { } error)
        {
            return error;
        }

        var kept = Before.Voters.Count(_incoming.Contains);
        return (_votersBefore - kept) + (_incoming.Count - kept) > 1
            ? "more than one voter changed without entering joint config"
            : Check();
    }

    /// <summary>Enters a joint configuration. Null, or why that cannot be done.</summary>
    public string? EnterJoint(bool autoLeave, ReadOnlySpan<ConfChangeSingle> changes)
    {
        if (IsJoint)
        {
            return "config is already joint";
        }

        if (_incoming.Count == 0)
        {
            return "can't make a zero-voter config joint";
        }

        _outgoing.UnionWith(_incoming);
        if (Make(changes) is { } error)
        {
            return error;
        }

        _autoLeave = autoLeave;
        return Check();
    }

    /// <summary>Leaves the joint configuration. Null, or why that cannot be done.</summary>
    public string? LeaveJoint()
    {
        if (!IsJoint)
        {
            return "can't leave a non-joint config";
        }

        _learners.UnionWith(_learnersNext);
        _learnersNext.Clear();
        _outgoing.Clear();
        _members.IntersectWith([.. _incoming, .. _learners]);
        _witnesses.IntersectWith(_incoming);
        _autoLeave = false;
        return Check();
    }

    /// <summary>Why a configuration that came from elsewhere cannot be put in force; null if it can.</summary>
    public string? Check()
    {
        if (_members.Count > Limits.MembersMax)
        {
            return $"more than {Limits.MembersMax} members";
        }

        if (_members.Contains(NodeId.None) || _members.Any(LocalNodes.Contains))
        {
            return "a reserved id cannot be a member";
        }

        if (!_learnersNext.IsSubsetOf(_outgoing) || _learnersNext.Overlaps(_learners))
        {
            return "a learner to be must be an outgoing voter";
        }

        if (_learners.Overlaps(_incoming) || _learners.Overlaps(_outgoing))
        {
            return "a learner cannot be a voter";
        }

        if (!_witnesses.All(id => _incoming.Contains(id) || _outgoing.Contains(id)))
        {
            return "a witness must be a voter";
        }

        if (_incoming.Count > 0 && _incoming.IsSubsetOf(_witnesses))
        {
            return "a group cannot consist of witnesses";
        }

        return !IsJoint && (_autoLeave || _learnersNext.Count > 0) ? "only a joint config can be left" : null;
    }

    /// <summary>The configuration as drafted.</summary>
    public ConfState ToConfState() => new()
    {
        Voters = [.. _incoming],
        VotersOutgoing = [.. _outgoing],
        Learners = [.. _learners],
        LearnersNext = [.. _learnersNext],
        Witnesses = [.. _witnesses],
        AutoLeave = _autoLeave,
    };

    /// <summary>All members as drafted, ascending.</summary>
    public ImmutableArray<NodeId> Members() => [.. _members];

    /// <summary>Whether the member left on the way and came back: nothing that was known about it holds any more.</summary>
    public bool IsRenewed(NodeId id) => _renewed.Contains(id);

    private string? Make(ReadOnlySpan<ConfChangeSingle> changes)
    {
        foreach (var change in changes)
        {
            if (change.NodeId == NodeId.None)
            {
                continue;
            }

            if (Make(change) is { } error)
            {
                return error;
            }
        }

        return _incoming.Count == 0 ? "removed all voters" : null;
    }

    private string? Make(ConfChangeSingle change)
    {
        switch (change.Type)
        {
            case ConfChangeType.AddNode:
                return _witnesses.Contains(change.NodeId) ? "a witness has no state and cannot become a full voter" : AddVoter(change.NodeId);
            case ConfChangeType.AddWitnessNode:
                return AddWitness(change.NodeId);
            case ConfChangeType.AddLearnerNode:
                return _witnesses.Contains(change.NodeId) ? "a witness has no state and cannot become a learner" : AddLearner(change.NodeId);
            case ConfChangeType.RemoveNode:
                Remove(change.NodeId);
                return null;
            case ConfChangeType.UpdateNode:
                return null;
            default:
                return $"unexpected conf type {(int)change.Type}";
        }
    }

    private string? AddVoter(NodeId id)
    {
        _members.Add(id);
        _learners.Remove(id);
        _learnersNext.Remove(id);
        _incoming.Add(id);
        return null;
    }

    private string? AddWitness(NodeId id)
    {
        if (_members.Contains(id))
        {
            return _witnesses.Contains(id) && _incoming.Contains(id) ? null : "only a new member can become a witness";
        }

        _witnesses.Add(id);
        return AddVoter(id);
    }

    private string? AddLearner(NodeId id)
    {
        if (_learners.Contains(id))
        {
            return null;
        }

        var renewed = _renewed.Contains(id);
        if (_members.Contains(id))
        {
            Remove(id);
            if (!renewed)
            {
                _renewed.Remove(id);
            }
        }

        // Who still votes in the outgoing half becomes a learner when that half is gone, so that nobody is both.
        (_outgoing.Contains(id) ? _learnersNext : _learners).Add(id);
        _members.Add(id);
        return null;
    }

    private void Remove(NodeId id)
    {
        _incoming.Remove(id);
        _learners.Remove(id);
        _learnersNext.Remove(id);
        if (!_outgoing.Contains(id))
        {
            _witnesses.Remove(id);
            if (_members.Remove(id))
            {
                _renewed.Add(id);
            }
        }
    }
}
