using System.Buffers;
using System.Diagnostics;
using Wetware.Core;
using Wetware.Protocol.Queues;
using Wetware.Queue;

namespace Wetware.Bench.Queue;

/// <summary>
/// Encoded commands for rounds of enqueue, lease and ack of a batch of messages, made before anything is measured. Each round leases what it
/// enqueued, so that the offsets, and with them the acks, are known beforehand.
/// </summary>
internal sealed class QueueLoad : IDisposable
{
    private readonly ArrayBufferWriter<byte> _reply = new(1 << 20);
    private readonly QueueMachine _machine = new();
    private readonly TopicId _topic;
    private readonly ulong _session;
    private readonly int _batch;
    private ulong _index;
    private ulong _sequence;
    private ulong _offset;

    public QueueLoad(int batch, int payloadBytes, bool inSession, bool dedupe)
    {
        _batch = batch;
        PayloadBytes = payloadBytes;
        Dedupe = dedupe;
        _topic = Send(QueueCommand.CreateTopic("bench", new TopicOptions(Dedupe: dedupe))).Topic;
        _session = inSession ? Send(QueueCommand.OpenSession).Session : 0;
    }

    public int PayloadBytes { get; }

    public bool Dedupe { get; }

    /// <summary>Messages that were acked so far, as the machine counts them.</summary>
    public ulong Acked => _machine.Stats(_topic)!.Value.Acked;

    public void Dispose() => _machine.Dispose();

    /// <summary>Encodes the next rounds.</summary>
    public (byte[][] Enqueues, byte[][] Leases, byte[][] Acks) Prepare(int rounds)
    {
        var (enqueues, leases, acks) = (new byte[rounds][], new byte[rounds][], new byte[rounds][]);
        var payload = new byte[PayloadBytes];
        for (var round = 0; round < rounds; round++)
        {
            var (adds, ends) = (new QueueOperation[_batch], new QueueOperation[_batch]);
            for (var i = 0; i < _batch; i++)
            {
                adds[i] = Dedupe ? QueueOperation.Enqueue(_topic, BitConverter.GetBytes(_offset), payload) : QueueOperation.Enqueue(_topic, payload);
                ends[i] = QueueOperation.Ack(_topic, new LeaseToken(_offset++, 1));
            }

            enqueues[round] = Encode(QueueCommand.Transact(adds));
            leases[round] = Encode(QueueCommand.Lease(_topic, _batch, 60_000));
            acks[round] = Encode(QueueCommand.Transact(ends));
        }

        return (enqueues, leases, acks);
    }

    public void Apply(byte[] command)
    {
        _reply.ResetWrittenCount();
        _machine.Apply(new LogIndex(++_index), command, _reply);
    }

    /// <summary>Captures the machine, writes that, and restores another machine from it. Returns whether both have the same digest.</summary>
    public bool CopyBySnapshot(out TimeSpan captured, out TimeSpan written, out TimeSpan restored, out int bytes)
    {
        using var copy = new QueueMachine();
        var snapshot = new ArrayBufferWriter<byte>(64 << 20);
        var start = Stopwatch.GetTimestamp();
        var capture = _machine.Capture();
        captured = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        capture.Write(snapshot);
        written = Stopwatch.GetElapsedTime(start);
        capture.Release();
        start = Stopwatch.GetTimestamp();
        copy.Restore(new ReadOnlySequence<byte>(snapshot.WrittenMemory));
        restored = Stopwatch.GetElapsedTime(start);
        bytes = snapshot.WrittenCount;
        return copy.Digest == _machine.Digest;
    }

    /// <summary>Applies commands, in the first of two runs while a capture shares its pages with the machine. Returns the longest time that one took in each.</summary>
    public (TimeSpan Captured, TimeSpan Alone) Longest(byte[][] captured, byte[][] alone)
    {
        var capture = _machine.Capture();
        var first = Longest(captured);
        capture.Release();
        return (first, Longest(alone));
    }

    private TimeSpan Longest(byte[][] commands)
    {
        var longest = TimeSpan.Zero;
        foreach (var command in commands)
        {
            var start = Stopwatch.GetTimestamp();
            Apply(command);
            var took = Stopwatch.GetElapsedTime(start);
            longest = took > longest ? took : longest;
        }

        return longest;
    }

    private QueueReply Send(QueueCommand command)
    {
        Apply(Encode(command));
        return QueueCodec.DecodeReply(_reply.WrittenMemory);
    }

    private byte[] Encode(QueueCommand command)
    {
        var bytes = new ArrayBufferWriter<byte>();
        QueueCodec.Encode(command, 1, _session, _session == 0 ? 0 : ++_sequence, bytes);
        return bytes.WrittenSpan.ToArray();
    }
}
