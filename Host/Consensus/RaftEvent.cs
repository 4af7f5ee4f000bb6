using Wetware.Core;
using Wetware.Raft;

namespace Wetware.Host.Consensus;

/// <summary>What reaches the Raft loop from outside.</summary>
/// <param name="Kind">Which of the fields mean something.</param>
/// <param name="Group">The group that it is about.</param>
internal readonly record struct RaftEvent(RaftEventKind Kind, GroupId Group)
{
    /// <summary>Of <see cref="RaftEventKind.Message"/>.</summary>
    public Message Message { get; init; }

    /// <summary>Of <see cref="RaftEventKind.Unreachable"/> and <see cref="RaftEventKind.SnapshotSent"/>.</summary>
    public NodeId Node { get; init; }

    /// <summary>Of <see cref="RaftEventKind.SnapshotSent"/>.</summary>
    public bool HasFailed { get; init; }

    /// <summary>The proposal, the read, the change, the finished append or the action.</summary>
    public object? Subject { get; init; }
}
