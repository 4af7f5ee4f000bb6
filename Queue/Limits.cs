using Wetware.Protocol.Queues;

namespace Wetware.Queue;

/// <summary>The bounds inside the queue machine. Replicas must agree on them, so they are constants; <see cref="QueueLimits"/> has those that clients meet.</summary>
internal static class Limits
{
    /// <summary>Bytes of the arena's chunks and of its largest block.</summary>
    internal const int ArenaChunkBytes = 1 << 20;

    /// <summary>Bytes of the arena's smallest block.</summary>
    internal const int ArenaBlockBytesMin = 64;

    /// <summary>Offsets covered by one page of a topic's index.</summary>
    internal const int OffsetPageLength = 1024;

    /// <summary>Checks how the bounds relate to one another; runs once, when the first machine is made.</summary>
    internal static void Check()
    {
        const int ReplyBytesPerMessage = 64;
        Core.Invariant.Check(QueueLimits.LeaseBytesMax + QueueLimits.PayloadBytesMax + (QueueLimits.LeaseCountMax * ReplyBytesPerMessage) < QueueLimits.ReplyBytesMax);
        Core.Invariant.Check(QueueLimits.OperationsMax * ReplyBytesPerMessage < QueueLimits.ReplyBytesMax);
        Core.Invariant.Check(QueueLimits.PayloadBytesMax <= ArenaChunkBytes);
        Core.Invariant.Check(QueueLimits.ReplyBytesMax <= ArenaChunkBytes); // The arena stores a reply as one block.
        Core.Invariant.Check(QueueLimits.TimeMillisecondsMax < ulong.MaxValue - QueueLimits.DelayMillisecondsMax);
        Core.Invariant.Check(QueueLimits.SessionWindow <= 32); // A client keeps a bit for each place.
        Core.Invariant.Check(QueueLimits.SessionBytesTotalMax > (long)QueueLimits.SessionWindow * QueueLimits.ReplyBytesMax);
        Core.Invariant.Check((long)QueueLimits.PayloadBytesMax <= QueueLimits.PayloadBytesTotalMax);
    }
}
