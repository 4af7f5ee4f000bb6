using System.Buffers;
using Wetware.Core;
using Wetware.Protocol.Queues;

namespace Wetware.Queue.Tests;

/// <summary>A machine under test: gives it commands one index after another and reads its replies.</summary>
internal sealed class Replica
{
    private readonly ArrayBufferWriter<byte> _command = new();
    private readonly ArrayBufferWriter<byte> _reply = new();

    public QueueMachine Machine { get; private set; } = new();

    public ulong Now { get; set; } = 1_000_000;

    public byte[] LastReply => _reply.WrittenSpan.ToArray();

    public static byte[] Encode(QueueCommand command, ulong time, ulong session = 0, ulong sequence = 0)
    {
        var bytes = new ArrayBufferWriter<byte>();
        QueueCodec.Encode(command, time, session, sequence, bytes);
        return bytes.WrittenSpan.ToArray();
    }

    public QueueReply Do(QueueCommand command, ulong session = 0, ulong sequence = 0)
    {
        _command.ResetWrittenCount();
        QueueCodec.Encode(command, Now, session, sequence, _command);
        return Apply(_command.WrittenSpan);
    }

    public QueueReply Apply(ReadOnlySpan<byte> command)
    {
        _reply.ResetWrittenCount();
        Machine.Apply(Machine.Applied.Next, command, _reply);
        return QueueCodec.DecodeReply(_reply.WrittenMemory);
    }

    public QueueAnswer Ask(QueueQuery query)
    {
        var question = new ArrayBufferWriter<byte>();
        var answer = new ArrayBufferWriter<byte>();
        QueueCodec.Encode(query, question);
        Machine.Query(question.WrittenSpan, answer);
        return QueueCodec.DecodeAnswer(answer.WrittenMemory);
    }

    public TopicId Topic(string name, TopicOptions options = default)
    {
        var reply = Do(QueueCommand.CreateTopic(name, options));
        Assert.Equal(QueueStatus.Ok, reply.Status);
        return reply.Topic;
    }

    public IReadOnlyList<LeasedMessage> Lease(TopicId topic, int count = 1, uint visibility = 1000)
    {
        var reply = Do(QueueCommand.Lease(topic, count, visibility));
        Assert.Equal(QueueStatus.Ok, reply.Status);
        return reply.Messages;
    }

    public TopicStats Stats(TopicId topic) => Machine.Stats(topic)!.Value;

    public byte[] Snapshot()
    {
        var bytes = new ArrayBufferWriter<byte>();
        Machine.Snapshot(bytes);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Goes on as a new machine that knows only this one's snapshot.</summary>
    public void Reincarnate()
    {
        var snapshot = Snapshot();
        Machine = new QueueMachine();
        Machine.Restore(new ReadOnlySequence<byte>(snapshot));
    }
}
