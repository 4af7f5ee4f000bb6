using System.Collections.Immutable;
using Wetware.Core;

namespace Wetware.Raft;

/// <summary>
/// A configuration of a group, as snapshots carry it. Immutable. Joint while <see cref="VotersOutgoing"/> is not empty:
/// then both sets of voters must agree to everything (Ongaro 2014, section 4.3).
/// </summary>
public sealed class ConfState
{
    /// <summary>The configuration without members.</summary>
    public static ConfState Empty { get; } = new();

    /// <summary>The voters, or those of the incoming half of a joint configuration; ascending.</summary>
    public ImmutableArray<NodeId> Voters { get; init; } = [];

    /// <summary>The voters of the outgoing half of a joint configuration; ascending, empty when not joint.</summary>
    public ImmutableArray<NodeId> VotersOutgoing { get; init; } = [];

    /// <summary>Members that receive entries and do not vote; ascending.</summary>
    public ImmutableArray<NodeId> Learners { get; init; } = [];

    /// <summary>Outgoing voters that become learners when the joint configuration is left; ascending.</summary>
    public ImmutableArray<NodeId> LearnersNext { get; init; } = [];

    /// <summary>Voters that keep the terms of entries but no payloads, and never lead; ascending. Beyond etcd/raft.</summary>
    public ImmutableArray<NodeId> Witnesses { get; init; } = [];

    /// <summary>Whether the leader leaves the joint configuration by itself as soon as it may.</summary>
    public bool AutoLeave { get; init; }

    /// <summary>Whether two halves of voters are in force.</summary>
    public bool IsJoint => VotersOutgoing.Length > 0;

    /// <summary>A configuration of voters only.</summary>
    public static ConfState OfVoters(params ReadOnlySpan<NodeId> voters) => new() { Voters = Sorted(voters) };

    /// <summary>Whether both name the same members in the same roles, in whatever order.</summary>
    public bool IsEquivalentTo(ConfState other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return AutoLeave == other.AutoLeave
            && SameMembers(Voters, other.Voters)
            && SameMembers(VotersOutgoing, other.VotersOutgoing)
            && SameMembers(Learners, other.Learners)
            && SameMembers(LearnersNext, other.LearnersNext)
            && SameMembers(Witnesses, other.Witnesses);
    }

    /// <summary>Whether <paramref name="node"/> has any role in the configuration.</summary>
    public bool Contains(NodeId node) =>
        Voters.Contains(node) || VotersOutgoing.Contains(node) || Learners.Contains(node);

    private static bool SameMembers(ImmutableArray<NodeId> left, ImmutableArray<NodeId> right) =>
        Sorted(left.AsSpan()).AsSpan().SequenceEqual(Sorted(right.AsSpan()).AsSpan());

    private static ImmutableArray<NodeId> Sorted(ReadOnlySpan<NodeId> nodes)
    {
        var sorted = nodes.ToArray();
        Array.Sort(sorted);
        return ImmutableArray.Create(sorted);
    }
}
