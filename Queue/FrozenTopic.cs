using Wetware.Protocol.Queues;

namespace Wetware.Queue;

/// <summary>A topic as it was when it was frozen, to be read on any thread until the topic is released.</summary>
internal sealed class FrozenTopic(Topic topic)
{
    public readonly byte[] Name = topic.Name;
    public readonly TopicOptions Options = topic.Options;

    /// <summary>In the order of the snapshot's format.</summary>
    public readonly ulong[] Counters =
        [topic.NextOffset, topic.NextOrder, topic.Acked, topic.Dropped, topic.Duplicates, topic.Refused, topic.Expired, topic.Nacked];

    public readonly uint KeyCount = (uint)(topic.Keys?.Count ?? 0);
    public readonly uint Live = (uint)topic.Live;
    public readonly PagedArray<UInt128>? Keys = topic.Keys?.Freeze();
    public readonly OffsetIndex Index = topic.Index.Freeze();
}
