using Wetware.Core;

namespace Wetware.Raft.Consensus;

/// <summary>
/// What a message from another member must satisfy before it may change anything: everything the handlers take for
/// granted. A message that fails comes from a broken or hostile sender.
/// </summary>
internal static class MessageCheck
{
    /// <summary><see cref="StepResult.Ok"/>, or why the message is ignored.</summary>
    public static StepResult OfRemote(in Message message, RaftCore core)
    {
        if (IsLocal(message.Type) || LocalNodes.Contains(message.From))
        {
            return StepResult.LocalMessage;
        }

        if (message.Type > MessageType.MsgForgetLeader || !IsWellFormed(message, core.Id))
        {
            return StepResult.Malformed;
        }

        return IsResponse(message.Type) && core.Tracker.Find(message.From) is null ? StepResult.PeerNotFound : StepResult.Ok;
    }

    private static bool IsWellFormed(in Message message, NodeId self)
    {
        // Forwarded ones bear no term, and may even come from this node itself.
        var isForwarded = message.Type is MessageType.MsgProp or MessageType.MsgReadIndex;
        var isTransfer = message.Type == MessageType.MsgTransferLeader;
        if (message.From == NodeId.None || (message.From == self && !isForwarded && !isTransfer))
        {
            return false;
        }

        if (isForwarded != (message.Term == Term.Zero) && !isTransfer)
        {
            return false;
        }

        var areNumbersSane = message.Term.Value <= Limits.NumberMax
            && message.LogTerm <= message.Term
            && message.Index.Value <= Limits.NumberMax
            && message.Commit.Value <= Limits.NumberMax
            && message.RejectHint.Value <= Limits.NumberMax;
        return areNumbersSane && message.Type switch
        {
            MessageType.MsgApp => AreEntriesInOrder(message),
            MessageType.MsgProp => !message.Entries.IsEmpty && AreProposals(message.Entries.Span),
            MessageType.MsgSnap => message.Snapshot is { } snapshot && IsWellFormed(snapshot.Metadata, message.Term),
            _ => true,
        };
    }

    private static bool AreEntriesInOrder(in Message message)
    {
        var (index, term) = (message.Index, message.LogTerm);
        foreach (ref readonly var entry in message.Entries.Span)
        {
            index = index.Next;
            if (entry.Index != index || entry.Term < term || entry.Type > EntryType.Refused)
            {
                return false;
            }

            term = entry.Term;
        }

        return term <= message.Term;
    }

    private static bool AreProposals(ReadOnlySpan<Entry> entries)
    {
        foreach (ref readonly var entry in entries)
        {
            if (entry.Type > EntryType.ConfChangeV2)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsWellFormed(in SnapshotMetadata snapshot, Term leaderTerm) =>
        snapshot.Index > LogIndex.Zero && snapshot.Index.Value <= Limits.NumberMax
        && snapshot.Term > Term.Zero && snapshot.Term <= leaderTerm && snapshot.ConfState is not null;

    private static bool IsLocal(MessageType type) => type
        is MessageType.MsgHup
        or MessageType.MsgBeat
        or MessageType.MsgUnreachable
        or MessageType.MsgSnapStatus
        or MessageType.MsgCheckQuorum
        or MessageType.MsgStorageAppend
        or MessageType.MsgStorageAppendResp
        or MessageType.MsgStorageApply
        or MessageType.MsgStorageApplyResp
        or MessageType.MsgForgetLeader;

    private static bool IsResponse(MessageType type) => type
        is MessageType.MsgAppResp
        or MessageType.MsgVoteResp
        or MessageType.MsgHeartbeatResp
        or MessageType.MsgReadIndexResp
        or MessageType.MsgPreVoteResp;
}
