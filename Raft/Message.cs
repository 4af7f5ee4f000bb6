using Wetware.Core;

namespace Wetware.Raft;

/// <summary>
/// What members say to one another, and a member to its own storage. A plain value; which fields mean something depends
/// on <see cref="Type"/>. The <see cref="Entries"/> of a message that a <see cref="Ready"/> shows live in that Ready and
/// are valid until it is filled again; a message that is stepped is read during the call only, except for its payload
/// bytes and snapshot, which are kept by reference.
/// </summary>
public struct Message
{
    /// <summary>What it asks or answers.</summary>
    public MessageType Type { get; set; }

    /// <summary>Whether this answer is a refusal.</summary>
    public bool Reject { get; set; }

    /// <summary>The recipient.</summary>
    public NodeId To { get; set; }

    /// <summary>The sender, or the member a local message is about.</summary>
    public NodeId From { get; set; }

    /// <summary>The sender's term; zero in local messages and in those that are forwarded.</summary>
    public Term Term { get; set; }

    /// <summary>The term of the entry at <see cref="Index"/>, or at <see cref="RejectHint"/> in a rejection.</summary>
    public Term LogTerm { get; set; }

    /// <summary>The entry before the first of a MsgApp, the candidate's last, or what is acknowledged.</summary>
    public LogIndex Index { get; set; }

    /// <summary>The leader's commit index.</summary>
    public LogIndex Commit { get; set; }

    /// <summary>In a rejection: the highest index at which the logs may still agree.</summary>
    public LogIndex RejectHint { get; set; }

    /// <summary>
    /// A number whose meaning depends on the type: the read counter of heartbeats (zero: none), the requester's number
    /// of a read index, or one of the constants below.
    /// </summary>
    public ulong Context { get; set; }

    /// <summary>The entries of a batch, ascending and without gaps.</summary>
    public ReadOnlyMemory<Entry> Entries { get; set; }

    /// <summary>The snapshot of a MsgSnap, or of a storage answer.</summary>
    public Snapshot? Snapshot { get; set; }

    /// <summary><see cref="Context"/> of a MsgAppResp that refuses because entries were lost that had been acknowledged.</summary>
    public const ulong LostEntries = 1;

    /// <summary>Set in the <see cref="Context"/> of a MsgHeartbeat with which a leader puts an idle group to sleep, beside the last round that it has started.</summary>
    public const ulong Quiesce = 1UL << 63;

    /// <summary><see cref="Context"/> of a MsgVote that the leader asked for: it is answered even by those who still hear the leader.</summary>
    public const ulong CampaignTransfer = 1;
}
