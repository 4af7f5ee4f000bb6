namespace Wetware.Raft;

/// <summary>Bounds of this project, each with its unit and reason.</summary>
public static class Limits
{
    /// <summary>
    /// Parts of one configuration change. A group has a handful of members; replacing all of the largest sensible one
    /// needs twice its size.
    /// </summary>
    public const int ConfChangePartsMax = 64;

    /// <summary>Members of a group in all roles. Every write goes to every member, so groups stay far below it; it bounds stack space.</summary>
    public const int MembersMax = 64;

    /// <summary>The highest index and term taken from a message: far beyond what any group reaches, and safe to add to.</summary>
    public const ulong NumberMax = 1UL << 62;

    /// <summary>Bytes of entries in one message unless the configuration says otherwise: large enough to fill a pipe, small enough that a heartbeat is not held up behind it.</summary>
    public const ulong MessageBytesDefault = 1 << 20;

    /// <summary>Appends in flight to one follower unless the configuration says otherwise.</summary>
    public const int InflightMessagesDefault = 256;

    /// <summary>Bytes of appends in flight to one follower unless the configuration says otherwise; at least one message.</summary>
    public const ulong InflightBytesDefault = 16 * MessageBytesDefault;

    /// <summary>Payload bytes a leader holds that are not committed, unless the configuration says otherwise; above it, proposals are dropped.</summary>
    public const ulong UncommittedBytesDefault = 64 * MessageBytesDefault;

    /// <summary>Reads that wait for a quorum's confirmation at one leader; more are dropped, and their askers ask again.</summary>
    public const int PendingReadsMax = 1 << 16;
}
