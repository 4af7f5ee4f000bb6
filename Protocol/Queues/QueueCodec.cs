using System.Buffers;
using Wetware.Capnp;

namespace Wetware.Protocol.Queues;

/// <summary>Turns commands and queries into bytes, and the bytes of replies and answers into values: the client's side of <c>queue.capnp</c>.</summary>
public static class QueueCodec
{
    /// <summary>Encodes a command.</summary>
    /// <param name="command">What to do.</param>
    /// <param name="time">The proposer's clock in Unix milliseconds.</param>
    /// <param name="session">The session it belongs to; 0 for none.</param>
    /// <param name="sequence">Its number in the session, from 1. A retry has the number of the first try.</param>
    /// <param name="output">Gets the bytes.</param>
    public static void Encode(QueueCommand command, ulong time, ulong session, ulong sequence, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(output);
        using var message = new MessageBuilder();
        var wire = message.InitRoot<Generated.Command.Builder>();
        wire.Time = time;
        wire.Session = session;
        wire.Sequence = sequence;
        switch (command.Kind)
        {
            case CommandKind.Tick:
                wire.SetTick();
                break;
            case CommandKind.OpenSession:
                wire.SetOpenSession();
                break;
            case CommandKind.CloseSession:
                wire.SetCloseSession();
                break;
            case CommandKind.CreateTopic:
                Encode(wire.InitCreateTopic(), command);
                break;
            case CommandKind.Transact:
                Encode(wire.InitTransact(command.Operations.Count), command.Operations);
                break;
            default:
                Encode(wire.InitLease(), command);
                break;
        }

        message.WriteTo(output);
    }

    /// <summary>Encodes a query.</summary>
    public static void Encode(QueueQuery query, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(output);
        using var message = new MessageBuilder();
        var wire = message.InitRoot<Generated.Query.Builder>();
        switch (query.Kind)
        {
            case QueryKind.Find:
                wire.SetFind(query.Name);
                break;
            case QueryKind.Stats:
                wire.Stats = query.Topic.Value;
                break;
            case QueryKind.Topics:
                wire.SetTopics();
                break;
            default:
                var scan = wire.InitScan();
                scan.Topic = query.Topic.Value;
                scan.From = query.From;
                scan.Count = (uint)query.Count;
                scan.Bytes = (uint)query.BytesMax;
                scan.DeadOnly = query.DeadOnly;
                break;
        }

        message.WriteTo(output);
    }

    /// <summary>Decodes the machine's reply to a command.</summary>
    /// <exception cref="DecodeException">The bytes are no reply.</exception>
    public static QueueReply DecodeReply(ReadOnlyMemory<byte> bytes)
    {
        using var message = new MessageReader();
        message.Open(bytes);
        var wire = message.GetRoot<Generated.Reply.Reader>();
        var reply = new QueueReply { Status = (QueueStatus)wire.Status, Failed = (int)wire.Failed, Clock = wire.Clock };
        return wire.Which switch
        {
            Generated.Reply.Which.Session => reply with { Session = wire.Session },
            Generated.Reply.Which.Topic => reply with { Topic = new TopicId(wire.Topic) },
            Generated.Reply.Which.Outcomes => reply with { Outcomes = Decode(wire.Outcomes) },
            Generated.Reply.Which.Messages => reply with { Messages = Decode(wire.Messages) },
            _ => reply,
        };
    }

    /// <summary>Decodes the machine's answer to a query.</summary>
    /// <exception cref="DecodeException">The bytes are no answer.</exception>
    public static QueueAnswer DecodeAnswer(ReadOnlyMemory<byte> bytes)
    {
        using var message = new MessageReader();
        message.Open(bytes);
        var wire = message.GetRoot<Generated.Answer.Reader>();
        var answer = new QueueAnswer { Status = (QueueStatus)wire.Status, Clock = wire.Clock };
        return wire.Which switch
        {
            Generated.Answer.Which.Topic => answer with { Topic = new TopicId(wire.Topic) },
            Generated.Answer.Which.Stats => answer with { Stats = Decode(wire.Stats) },
            Generated.Answer.Which.Entries => answer with { Entries = Decode(wire.Entries.List), Next = wire.Entries.Next },
            Generated.Answer.Which.Topics => answer with { Topics = Decode(wire.Topics) },
            _ => answer,
        };
    }

    private static void Encode(Generated.Command.CreateTopic.Builder wire, QueueCommand command)
    {
        wire.SetName(command.Name);
        wire.Dedupe = command.Options.Dedupe;
        wire.AttemptsMax = command.Options.AttemptsMax;
        wire.AcceptedMax = command.Options.AcceptedMax;
        wire.MessagesMax = command.Options.MessagesMax;
    }

    private static void Encode(Generated.Command.Lease.Builder wire, QueueCommand command)
    {
        wire.Topic = command.Topic.Value;
        wire.Count = (uint)command.Count;
        wire.Visibility = command.VisibilityMilliseconds;
        wire.Bytes = (uint)command.BytesMax;
    }

    private static void Encode(StructListBuilder<Generated.Operation.Builder> list, IReadOnlyList<QueueOperation> operations)
    {
        for (var i = 0; i < operations.Count; i++)
        {
            Encode(list[i], operations[i]);
        }
    }

    private static void Encode(Generated.Operation.Builder wire, in QueueOperation operation)
    {
        wire.Topic = operation.Topic.Value;
        switch (operation.Kind)
        {
            case OperationKind.Enqueue:
                var enqueue = wire.InitEnqueue();
                enqueue.Delay = operation.Milliseconds;
                enqueue.SetPayload(operation.Payload.Span);
                if (operation.Key is { } key)
                {
                    enqueue.SetKey(key.Span);
                }

                break;
            case OperationKind.Ack:
                var ack = wire.InitAck();
                ack.Offset = operation.Token.Offset;
                ack.Lease = operation.Token.Lease;
                break;
            case OperationKind.Nack:
                var nack = wire.InitNack();
                nack.Offset = operation.Token.Offset;
                nack.Lease = operation.Token.Lease;
                nack.Delay = operation.Milliseconds;
                nack.GivesBack = operation.GivesBack;
                break;
            case OperationKind.Extend:
                var extend = wire.InitExtend();
                extend.Offset = operation.Token.Offset;
                extend.Lease = operation.Token.Lease;
                extend.Visibility = operation.Milliseconds;
                break;
            case OperationKind.Revive:
                wire.Revive = operation.Token.Offset;
                break;
            default:
                wire.Drop = operation.Token.Offset;
                break;
        }
    }

    private static OperationResult[] Decode(StructListReader<Generated.Reply.Outcome.Reader> list)
    {
        var results = new OperationResult[Bounded(list.Count, QueueLimits.OperationsMax)];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = new OperationResult((OperationOutcome)list[i].Kind, list[i].Offset);
        }

        return results;
    }

    private static LeasedMessage[] Decode(StructListReader<Generated.Reply.Message.Reader> list)
    {
        var messages = new LeasedMessage[Bounded(list.Count, QueueLimits.LeaseCountMax)];
        for (var i = 0; i < messages.Length; i++)
        {
            var wire = list[i];
            messages[i] = new LeasedMessage(new LeaseToken(wire.Offset, wire.Lease), wire.Attempts, wire.Deadline, wire.Payload.ToArray());
        }

        return messages;
    }

    private static ScannedMessage[] Decode(StructListReader<Generated.Answer.Entry.Reader> list)
    {
        var entries = new ScannedMessage[Bounded(list.Count, QueueLimits.ScanCountMax)];
        for (var i = 0; i < entries.Length; i++)
        {
            var wire = list[i];
            entries[i] = new ScannedMessage(wire.Offset, (MessageState)wire.State, wire.Attempts, wire.Payload.ToArray());
        }

        return entries;
    }

    private static TopicInfo[] Decode(StructListReader<Generated.Answer.TopicInfo.Reader> list)
    {
        var topics = new TopicInfo[Bounded(list.Count, QueueLimits.TopicsMax)];
        for (var i = 0; i < topics.Length; i++)
        {
            topics[i] = new TopicInfo(new TopicId(list[i].Topic), list[i].Name.ToString(), Decode(list[i].Stats));
        }

        return topics;
    }

    private static TopicStats Decode(Generated.Stats.Reader wire) => new()
    {
        Ready = wire.Ready,
        Delayed = wire.Delayed,
        Leased = wire.Leased,
        Dead = wire.Dead,
        Accepted = wire.Accepted,
        Acked = wire.Acked,
        Dropped = wire.Dropped,
        Duplicates = wire.Duplicates,
        Refused = wire.Refused,
        Expired = wire.Expired,
        Nacked = wire.Nacked,
    };

    // A list of empty structs takes no room in a message, so its length proves nothing.
    private static int Bounded(int count, int most) =>
        count <= most ? count : throw new DecodeException("a list is longer than the machine makes them");
}
