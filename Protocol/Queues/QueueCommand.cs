namespace Wetware.Protocol.Queues;

/// <summary>A command to the replicated machine, before it gets its time and session. Immutable; may be encoded many times.</summary>
public sealed record QueueCommand
{
    private QueueCommand(CommandKind kind) => Kind = kind;

    /// <summary>What it asks.</summary>
    public CommandKind Kind { get; }

    /// <summary>Of CreateTopic.</summary>
    public string Name { get; private init; } = "";

    /// <summary>Of CreateTopic.</summary>
    public TopicOptions Options { get; private init; }

    /// <summary>Of Transact.</summary>
    public IReadOnlyList<QueueOperation> Operations { get; private init; } = [];

    /// <summary>Of Lease.</summary>
    public TopicId Topic { get; private init; }

    /// <summary>Of Lease.</summary>
    public int Count { get; private init; }

    /// <summary>Of Lease.</summary>
    public uint VisibilityMilliseconds { get; private init; }

    /// <summary>Of Lease.</summary>
    public int BytesMax { get; private init; }

    /// <summary>Only moves the clock, and with it whatever is due.</summary>
    public static QueueCommand Tick { get; } = new(CommandKind.Tick);

    /// <summary>Begins a session. The reply names it.</summary>
    public static QueueCommand OpenSession { get; } = new(CommandKind.OpenSession);

    /// <summary>Ends the session that the command is encoded with.</summary>
    public static QueueCommand CloseSession { get; } = new(CommandKind.CloseSession);

    /// <summary>Makes a topic, or finds it if it is there with the same options. The reply names it.</summary>
    public static QueueCommand CreateTopic(string name, in TopicOptions options) =>
        new(CommandKind.CreateTopic) { Name = name, Options = options };

    /// <summary>Does operations over any topics: all of them, or none and the reply says which stood in the way.</summary>
    public static QueueCommand Transact(IReadOnlyList<QueueOperation> operations) =>
        new(CommandKind.Transact) { Operations = operations };

    /// <summary>Does operations over any topics: all of them, or none and the reply says which stood in the way.</summary>
    public static QueueCommand Transact(params QueueOperation[] operations) => Transact((IReadOnlyList<QueueOperation>)operations);

    /// <summary>Hands out the messages that are first in line.</summary>
    /// <param name="topic">Of which topic.</param>
    /// <param name="count">At most so many, up to <see cref="QueueLimits.LeaseCountMax"/>.</param>
    /// <param name="visibilityMilliseconds">How long they stay with the worker unless extended; at least 1.</param>
    /// <param name="bytesMax">At most so many payload bytes, but at least one message; 0 for <see cref="QueueLimits.LeaseBytesMax"/>.</param>
    public static QueueCommand Lease(TopicId topic, int count, uint visibilityMilliseconds, int bytesMax = 0) =>
        new(CommandKind.Lease) { Topic = topic, Count = count, VisibilityMilliseconds = visibilityMilliseconds, BytesMax = bytesMax };
}
