namespace Wetware.Protocol.Queues;

/// <summary>A topic's counts at one moment of the replicated clock.</summary>
public readonly record struct TopicStats
{
    /// <summary>Messages in line.</summary>
    public ulong Ready { get; init; }

    /// <summary>Messages that join the line later.</summary>
    public ulong Delayed { get; init; }

    /// <summary>Messages with a worker.</summary>
    public ulong Leased { get; init; }

    /// <summary>Messages that ran out of attempts and are still there.</summary>
    public ulong Dead { get; init; }

    /// <summary>Messages ever accepted.</summary>
    public ulong Accepted { get; init; }

    /// <summary>Messages ever acked.</summary>
    public ulong Acked { get; init; }

    /// <summary>Dead messages ever dropped.</summary>
    public ulong Dropped { get; init; }

    /// <summary>Enqueues refused because their key had been accepted before.</summary>
    public ulong Duplicates { get; init; }

    /// <summary>Enqueues refused because the topic had accepted all it may.</summary>
    public ulong Refused { get; init; }

    /// <summary>Leases that ran out.</summary>
    public ulong Expired { get; init; }

    /// <summary>Leases handed back.</summary>
    public ulong Nacked { get; init; }

    /// <summary>Messages that still ask for work: everything alive but the dead.</summary>
    public ulong Open => Ready + Delayed + Leased;
}
