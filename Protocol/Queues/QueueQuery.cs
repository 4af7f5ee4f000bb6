namespace Wetware.Protocol.Queues;

/// <summary>A question that changes nothing and needs no log entry.</summary>
public sealed record QueueQuery
{
    private QueueQuery(QueryKind kind) => Kind = kind;

    /// <summary>What it asks.</summary>
    public QueryKind Kind { get; }

    /// <summary>Of Find.</summary>
    public string Name { get; private init; } = "";

    /// <summary>Of Stats and Scan.</summary>
    public TopicId Topic { get; private init; }

    /// <summary>Of Scan.</summary>
    public ulong From { get; private init; }

    /// <summary>Of Scan.</summary>
    public int Count { get; private init; }

    /// <summary>Of Scan.</summary>
    public int BytesMax { get; private init; }

    /// <summary>Of Scan.</summary>
    public bool DeadOnly { get; private init; }

    /// <summary>All topics with their counts.</summary>
    public static QueueQuery Topics { get; } = new(QueryKind.Topics);

    /// <summary>A topic's number by its name.</summary>
    public static QueueQuery Find(string name) => new(QueryKind.Find) { Name = name };

    /// <summary>A topic's counts.</summary>
    public static QueueQuery Stats(TopicId topic) => new(QueryKind.Stats) { Topic = topic };

    /// <summary>The messages that are alive from an offset on, whatever their state, in the order they were accepted.</summary>
    /// <param name="topic">Of which topic.</param>
    /// <param name="from">The first offset to look at.</param>
    /// <param name="count">At most so many, up to <see cref="QueueLimits.ScanCountMax"/>.</param>
    /// <param name="bytesMax">At most so many payload bytes, but at least one message; 0 for <see cref="QueueLimits.ScanBytesMax"/>.</param>
    /// <param name="deadOnly">Only dead ones.</param>
    public static QueueQuery Scan(TopicId topic, ulong from, int count, int bytesMax = 0, bool deadOnly = false) =>
        new(QueryKind.Scan) { Topic = topic, From = from, Count = count, BytesMax = bytesMax, DeadOnly = deadOnly };
}
