using Wetware.Core;
using Wetware.Core.Identity;
using Wetware.Raft;

namespace Wetware.Host.Consensus;

/// <summary>What reaches the Raft loop from outside.</summary>
/// <param name="Kind">Which of the fields mean something.</param>
/// <param name="Group">The group that it is about.</param>
internal readonly record struct RaftEvent(RaftEventKind Kind, GroupId Group)
{
    /// <summary>Of <see cref="RaftEventKind.Carried"/>, <see cref="RaftEventKind.Unreachable"/> and <see cref="RaftEventKind.SnapshotSent"/>.</summary>
    public NodeId Node { get; init; }

    /// <summary>Of <see cref="RaftEventKind.Carried"/> and <see cref="RaftEventKind.SnapshotSent"/>.</summary>
    public bool HasFailed { get; init; }

    /// <summary>The envelope, the proposal, the read, the change or the action.</summary>
    public object? Subject { get; init; }

    /// <summary>A message from another member, copied.</summary>
    public static RaftEvent Of(GroupId group, in Message message) => new(RaftEventKind.Message, group) { Subject = Envelope.Of(message) };
}
