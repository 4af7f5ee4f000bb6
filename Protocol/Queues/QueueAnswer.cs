namespace Wetware.Protocol.Queues;

/// <summary>What the machine answered to a query.</summary>
public sealed record QueueAnswer
{
    /// <summary>Ok, Malformed or TopicUnknown.</summary>
    public QueueStatus Status { get; init; }

    /// <summary>The replicated clock, in Unix milliseconds.</summary>
    public ulong Clock { get; init; }

    /// <summary>Of Find.</summary>
    public TopicId Topic { get; init; }

    /// <summary>Of Stats.</summary>
    public TopicStats Stats { get; init; }

    /// <summary>Of Scan.</summary>
    public IReadOnlyList<ScannedMessage> Entries { get; init; } = [];

    /// <summary>Of Scan: where the next one goes on.</summary>
    public ulong Next { get; init; }

    /// <summary>Of Topics.</summary>
    public IReadOnlyList<TopicInfo> Topics { get; init; } = [];
}
