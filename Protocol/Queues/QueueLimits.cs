namespace Wetware.Protocol.Queues;

/// <summary>
/// The bounds of the queue machine that clients meet. They are part of the replicated behaviour: replicas that disagree on one of them
/// diverge, so they are constants, and a change of one is a change of the protocol.
/// </summary>
public static class QueueLimits
{
    /// <summary>Bytes of one command; larger ones are refused as malformed. Leaves room for a page's links beside Raft's own framing.</summary>
    public const int CommandBytesMax = 4 << 20;

    /// <summary>Operations in one transaction. A page that links to more pages than this is cut by the crawler long before.</summary>
    public const int OperationsMax = 8192;

    /// <summary>Topics of one machine. A topic is a named purpose, not a key.</summary>
    public const int TopicsMax = 1024;

    /// <summary>UTF-8 bytes of a topic's name.</summary>
    public const int TopicNameBytesMax = 255;

    /// <summary>Bytes of one message's payload.</summary>
    public const int PayloadBytesMax = 256 << 10;

    /// <summary>Bytes of a dedupe key. Holds the longest URL that the crawler accepts.</summary>
    public const int KeyBytesMax = 8192;

    /// <summary>Messages alive over all topics, ready, delayed, leased or dead.</summary>
    public const int MessagesMax = 8 << 20;

    /// <summary>Payload bytes alive over all topics.</summary>
    public const long PayloadBytesTotalMax = 1L << 30;

    /// <summary>Dedupe keys remembered by one topic; at 16 bytes each and a table at most three quarters full.</summary>
    public const int KeysMax = 24 << 20;

    /// <summary>Messages that one lease command hands out.</summary>
    public const int LeaseCountMax = 1024;

    /// <summary>Payload bytes that one lease command hands out. The first message goes out whatever its size.</summary>
    public const int LeaseBytesMax = 512 << 10;

    /// <summary>Messages that one scan returns.</summary>
    public const int ScanCountMax = 4096;

    /// <summary>Payload bytes that one scan returns. The first message goes out whatever its size.</summary>
    public const int ScanBytesMax = 2 << 20;

    /// <summary>Milliseconds that a lease may last before it must be extended, and that a message may be delayed: one day.</summary>
    public const ulong DelayMillisecondsMax = 24UL * 60 * 60 * 1000;

    /// <summary>The latest moment that a command may claim, in Unix milliseconds: the end of the year 9999. Keeps sums of times far from overflow.</summary>
    public const ulong TimeMillisecondsMax = 253_402_300_799_999;

    /// <summary>Sessions alive; opening one more ends the one that was idle longest.</summary>
    public const int SessionsMax = 4096;

    /// <summary>Replies kept per session: how many commands a client may have in flight at once.</summary>
    public const int SessionWindow = 16;

    /// <summary>Bytes of replies kept over all sessions; beyond them the session that was idle longest ends.</summary>
    public const long SessionBytesTotalMax = 64L << 20;

    /// <summary>Milliseconds of silence after which a session ends: ten minutes, far beyond any retry.</summary>
    public const ulong SessionIdleMilliseconds = 10UL * 60 * 1000;

    /// <summary>Bytes of one reply: a full lease with its framing, which the arena stores as one block.</summary>
    public const int ReplyBytesMax = 1 << 20;

    /// <summary>How far the newest offset of a topic may be from its oldest live message: bounds the index at 32 MiB a topic.</summary>
    public const ulong OffsetSpanMax = 1UL << 32;
}
