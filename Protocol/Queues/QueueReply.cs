namespace Wetware.Protocol.Queues;

/// <summary>What the machine answered to a command.</summary>
public sealed record QueueReply
{
    /// <summary>How it ended.</summary>
    public QueueStatus Status { get; init; }

    /// <summary>Of a transaction that did not happen: which operation stood in the way.</summary>
    public int Failed { get; init; }

    /// <summary>The replicated clock after the command, in Unix milliseconds.</summary>
    public ulong Clock { get; init; }

    /// <summary>The session that was opened; 0 if none.</summary>
    public ulong Session { get; init; }

    /// <summary>The topic that was made or found.</summary>
    public TopicId Topic { get; init; }

    /// <summary>What each operation of a transaction did.</summary>
    public IReadOnlyList<OperationResult> Outcomes { get; init; } = [];

    /// <summary>The messages that were leased.</summary>
    public IReadOnlyList<LeasedMessage> Messages { get; init; } = [];
}
