namespace Wetware.Protocol.Queues;

/// <summary>One operation of a transaction. Made by the methods here; payloads and keys are read when the command is encoded.</summary>
public readonly record struct QueueOperation
{
    /// <summary>What it does.</summary>
    public OperationKind Kind { get; private init; }

    /// <summary>In which topic.</summary>
    public TopicId Topic { get; private init; }

    /// <summary>The lease; of a revival or a drop only the offset counts.</summary>
    public LeaseToken Token { get; private init; }

    /// <summary>A delay or a visibility.</summary>
    public uint Milliseconds { get; private init; }

    /// <summary>Whether a lease that is handed back does not count as an attempt.</summary>
    public bool GivesBack { get; private init; }

    /// <summary>The dedupe key, where the topic has them.</summary>
    public ReadOnlyMemory<byte>? Key { get; private init; }

    /// <summary>The message.</summary>
    public ReadOnlyMemory<byte> Payload { get; private init; }

    /// <summary>Adds a message to a topic without keys.</summary>
    public static QueueOperation Enqueue(TopicId topic, ReadOnlyMemory<byte> payload, uint delayMilliseconds = 0) =>
        new() { Kind = OperationKind.Enqueue, Topic = topic, Payload = payload, Milliseconds = delayMilliseconds };

    /// <summary>Adds a message to a topic with keys, unless the key was accepted before.</summary>
    public static QueueOperation Enqueue(TopicId topic, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> payload, uint delayMilliseconds = 0) =>
        new() { Kind = OperationKind.Enqueue, Topic = topic, Key = key, Payload = payload, Milliseconds = delayMilliseconds };

    /// <summary>Ends a lease: the work is done and the message leaves.</summary>
    public static QueueOperation Ack(TopicId topic, LeaseToken token) =>
        new() { Kind = OperationKind.Ack, Topic = topic, Token = token };

    /// <summary>Hands a lease back; the message joins the line again after the delay.</summary>
    public static QueueOperation Nack(TopicId topic, LeaseToken token, uint delayMilliseconds = 0, bool givesBack = false) =>
        new() { Kind = OperationKind.Nack, Topic = topic, Token = token, Milliseconds = delayMilliseconds, GivesBack = givesBack };

    /// <summary>Makes a lease last so long from now on.</summary>
    public static QueueOperation Extend(TopicId topic, LeaseToken token, uint visibilityMilliseconds) =>
        new() { Kind = OperationKind.Extend, Topic = topic, Token = token, Milliseconds = visibilityMilliseconds };

    /// <summary>Gives a dead message all its attempts again.</summary>
    public static QueueOperation Revive(TopicId topic, ulong offset) =>
        new() { Kind = OperationKind.Revive, Topic = topic, Token = new LeaseToken(offset, 0) };

    /// <summary>Removes a dead message.</summary>
    public static QueueOperation Drop(TopicId topic, ulong offset) =>
        new() { Kind = OperationKind.Drop, Topic = topic, Token = new LeaseToken(offset, 0) };
}
