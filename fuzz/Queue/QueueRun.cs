using System.Buffers;
using Wetware.Core;
using Wetware.Protocol.Queues;
using Wetware.Queue;

namespace Wetware.Fuzz.Queue;

/// <summary>One run: everything in it follows from the seed.</summary>
internal sealed class QueueRun(ulong seed, bool isCanary)
{
    private const int Topics = 4;

    private readonly QueueMachine[] _replicas = [new(), new(), new()];
    private readonly ArrayBufferWriter<byte>[] _replies = [new(), new(), new()];
    private readonly List<(TopicId Topic, LeaseToken Token)> _leases = [];
    private readonly List<(ulong Id, ulong Next)> _sessions = [];
    private readonly List<byte[]> _sent = [];
    private Prng _prng = new(seed);
    private ulong _now = 1;
    private ulong _index;

    /// <summary>Returns what went wrong, or null.</summary>
    public string? Go(int commands)
    {
        try
        {
            for (var i = 0; i < commands; i++)
            {
                if (Step(i, isCanary && i == commands / 2) is { } trouble)
                {
                    return $"command {i} of seed {seed}: {trouble}";
                }
            }

            return null;
        }
        finally
        {
            foreach (var replica in _replicas)
            {
                replica.Dispose();
            }
        }
    }

    private string? Step(int step, bool poison)
    {
        _now += _prng.Chance(0.01) ? QueueLimits.SessionIdleMilliseconds : _prng.Below(300);
        var command = step < Topics ? CreateTopic(step) : Next();
        var bytes = Encode(command, out var isDamaged);
        var index = new LogIndex(++_index);
        for (var i = 0; i < _replicas.Length; i++)
        {
            var own = poison && i == 1 ? Encode(QueueCommand.OpenSession, out _) : bytes;
            _replies[i].ResetWrittenCount();
            _replicas[i].Apply(index, own, _replies[i]);
        }

        if (!isDamaged)
        {
            Learn(command, QueueCodec.DecodeReply(_replies[0].WrittenMemory));
        }

        if (_prng.Chance(0.02))
        {
            Replace((int)_prng.Below(3), (int)_prng.Below(3));
        }

        return Disagreement() ?? Imbalance();
    }

    private string? Disagreement()
    {
        for (var i = 1; i < _replicas.Length; i++)
        {
            if (!_replies[0].WrittenSpan.SequenceEqual(_replies[i].WrittenSpan))
            {
                return $"replica {i} answered otherwise";
            }

            if (_replicas[0].Digest != _replicas[i].Digest)
            {
                return $"replica {i} has another digest";
            }
        }

        return null;
    }

    private string? Imbalance()
    {
        for (var topic = 1u; topic <= Topics; topic++)
        {
            if (_replicas[0].Stats(new TopicId(topic)) is { } stats
                && stats.Accepted != stats.Acked + stats.Dropped + stats.Open + stats.Dead)
            {
                return $"topic {topic} lost or made up messages: {stats}";
            }
        }

        return null;
    }

    private void Replace(int target, int source)
    {
        var snapshot = new ArrayBufferWriter<byte>();
        _replicas[source].Snapshot(snapshot);
        if (_prng.Chance(0.3))
        {
            // A damaged snapshot must be refused and change nothing.
            var damaged = snapshot.WrittenSpan.ToArray();
            damaged[_prng.Below((ulong)damaged.Length)] ^= (byte)(1 << _prng.Between(0, 7));
            try
            {
                _replicas[target].Restore(new ReadOnlySequence<byte>(damaged));
                Invariant.Fail("a damaged snapshot was taken");
            }
            catch (QueueSnapshotException)
            {
                return;
            }
        }

        _replicas[target].Restore(new ReadOnlySequence<byte>(snapshot.WrittenMemory));
    }

    private static QueueCommand CreateTopic(int step) => QueueCommand.CreateTopic(
        $"topic {step}",
        step switch
        {
            0 => default,
            1 => new TopicOptions(Dedupe: true, AttemptsMax: 3),
            2 => new TopicOptions(Dedupe: true, AcceptedMax: 50),
            _ => new TopicOptions(MessagesMax: 10, AttemptsMax: 2),
        });

    private QueueCommand Next() => _prng.Below(16) switch
    {
        0 => QueueCommand.OpenSession,
        1 => QueueCommand.Tick,
        2 => QueueCommand.CloseSession,
        < 7 => QueueCommand.Lease(AnyTopic(), _prng.Between(0, 8), (uint)_prng.Between(0, 2000), _prng.Between(0, 2000)),
        _ => QueueCommand.Transact([.. Enumerable.Range(0, _prng.Between(0, 6)).Select(_ => Operation())]),
    };

    private TopicId AnyTopic() => new((uint)_prng.Between(_prng.Chance(0.02) ? 0 : 1, Topics));

    private QueueOperation Operation()
    {
        if (_leases.Count == 0 || _prng.Chance(0.5))
        {
            var topic = AnyTopic();
            var payload = new byte[_prng.Chance(0.01) ? _prng.Between(0, QueueLimits.PayloadBytesMax + 1) : _prng.Between(0, 300)];
            return topic.Value is 2 or 3
                ? QueueOperation.Enqueue(topic, BitConverter.GetBytes(_prng.Below(400)), payload, (uint)_prng.Below(3) * 100)
                : QueueOperation.Enqueue(topic, payload, (uint)_prng.Below(3) * 100);
        }

        var (leased, token) = _leases[(int)Math.Max(0, _leases.Count - 1 - (long)_prng.Below(6))];
        return _prng.Below(6) switch
        {
            < 3 => QueueOperation.Ack(leased, token),
            3 => QueueOperation.Nack(leased, token, (uint)_prng.Below(500), _prng.Chance(0.5)),
            4 => QueueOperation.Extend(leased, token, (uint)_prng.Below(3000)),
            _ => _prng.Chance(0.5) ? QueueOperation.Revive(leased, token.Offset) : QueueOperation.Drop(leased, token.Offset),
        };
    }

    private byte[] Encode(QueueCommand command, out bool isDamaged)
    {
        isDamaged = false;
        if (_sent.Count > 0 && _prng.Chance(0.05))
        {
            isDamaged = true; // A repeated command is not the one that was asked for, so nothing is learned from it.
            return _sent[(int)_prng.Below((ulong)_sent.Count)];
        }

        var (session, sequence) = (0UL, 0UL);
        if (_sessions.Count > 0 && command.Kind != CommandKind.OpenSession && _prng.Chance(0.5))
        {
            var which = (int)_prng.Below((ulong)_sessions.Count);
            (session, sequence) = _sessions[which];
            _sessions[which] = (session, sequence + 1);
        }

        var output = new ArrayBufferWriter<byte>();
        QueueCodec.Encode(command, _now, session, sequence, output);
        var bytes = output.WrittenSpan.ToArray();
        if (_index > Topics && _prng.Chance(0.1))
        {
            isDamaged = true;
            for (var damage = _prng.Between(1, 4); damage > 0; damage--)
            {
                bytes[_prng.Below((ulong)bytes.Length)] = (byte)_prng.Next();
            }

            return _prng.Chance(0.2) ? bytes[..(int)_prng.Below((ulong)bytes.Length)] : bytes;
        }

        _sent.Add(bytes);
        return bytes;
    }

    private void Learn(QueueCommand command, QueueReply reply)
    {
        foreach (var message in reply.Messages)
        {
            _leases.Add((command.Topic, message.Token));
        }

        if (reply.Session != 0)
        {
            _sessions.Add((reply.Session, 1));
        }
    }
}
