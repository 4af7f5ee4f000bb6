using System.Collections.Immutable;
using Wetware.Core;

namespace Wetware.Protocol;

/// <summary>What a node knows of one of its groups, at one moment between two steps of the loop.</summary>
public sealed record GroupStatus
{
    /// <summary>Which group.</summary>
    public required GroupId Group { get; init; }

    /// <summary>This member.</summary>
    public required NodeId Node { get; init; }

    /// <summary>Whom it follows; <see cref="NodeId.None"/> if nobody.</summary>
    public NodeId Leader { get; init; }

    /// <summary>Its term.</summary>
    public Term Term { get; init; }

    /// <summary>The highest index it knows to be committed.</summary>
    public LogIndex Commit { get; init; }

    /// <summary>The highest index whose effects its state machine has.</summary>
    public LogIndex Applied { get; init; }

    /// <summary>The state machine's digest after <see cref="Applied"/>.</summary>
    public ulong Digest { get; init; }

    /// <summary>Who votes.</summary>
    public ImmutableArray<NodeId> Voters { get; init; } = [];

    /// <summary>Who receives without voting.</summary>
    public ImmutableArray<NodeId> Learners { get; init; } = [];

    /// <summary>Whether this node leads.</summary>
    public bool IsLeader { get; init; }
}
