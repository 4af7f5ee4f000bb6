using Wetware.Core;
using Wetware.Protocol.Queues;

namespace Wetware.Queue.Tests;

/// <summary>
/// Turns a list of small numbers into commands that make sense often enough: it remembers the leases it was given, current and stale, and
/// the commands it sent in sessions, and repeats both.
/// </summary>
internal sealed class Driver(ulong seed)
{
    private static readonly (string Name, TopicOptions Options)[] Kinds =
    [
        ("plain", default),
        ("once", new TopicOptions(Dedupe: true, AcceptedMax: 12, AttemptsMax: 2)),
        ("small", new TopicOptions(MessagesMax: 4, AttemptsMax: 3)),
    ];

    private readonly List<(TopicId Topic, LeaseToken Token)> _leases = [];
    private readonly List<Sent> _sent = [];
    private readonly List<(ulong Id, ulong Next)> _sessions = [];
    private Prng _prng = new(seed);
    private ulong _now = 1_000_000;

    /// <summary>The next command with its time and session.</summary>
    public Sent Next(int step)
    {
        _now += _prng.Below(8) switch
        {
            0 => 0,
            < 6 => _prng.Below(50),
            6 => _prng.Below(2000),
            _ => _prng.Chance(0.05) ? QueueLimits.SessionIdleMilliseconds : 500,
        };
        var time = _prng.Chance(0.1) ? _now - 300 : _now;
        if (step < Kinds.Length)
        {
            return new Sent(QueueCommand.CreateTopic(Kinds[step].Name, Kinds[step].Options), time, 0, 0);
        }

        if (_sent.Count > 0 && _prng.Chance(0.1))
        {
            return _sent[(int)_prng.Below((ulong)_sent.Count)] with { Time = time };
        }

        var command = Command();
        if (command.Kind == CommandKind.OpenSession || _sessions.Count == 0 || _prng.Chance(0.6))
        {
            return new Sent(command, time, 0, 0);
        }

        var which = (int)_prng.Below((ulong)_sessions.Count);
        var (id, next) = _sessions[which];
        _sessions[which] = (id, next + 1);
        var sent = new Sent(command, time, id, next);
        _sent.Add(sent);
        return sent;
    }

    public void Learn(Sent sent, QueueReply reply)
    {
        foreach (var message in reply.Messages)
        {
            _leases.Add((sent.Command.Topic, message.Token));
        }

        if (reply.Session != 0)
        {
            _sessions.Add((reply.Session, 1));
        }
    }

    private QueueCommand Command() => _prng.Below(20) switch
    {
        0 => QueueCommand.Tick,
        1 => QueueCommand.OpenSession,
        2 => QueueCommand.CreateTopic("plain", _prng.Chance(0.5) ? default : new TopicOptions(Dedupe: true)),
        < 8 => QueueCommand.Lease(AnyTopic(), _prng.Between(1, 4), (uint)_prng.Between(1, 400)),
        _ => QueueCommand.Transact(Operations()),
    };

    private TopicId AnyTopic() => new((uint)(_prng.Chance(0.03) ? 9 : _prng.Between(1, Kinds.Length)));

    private QueueOperation[] Operations()
    {
        var operations = new QueueOperation[_prng.Between(1, 4)];
        for (var i = 0; i < operations.Length; i++)
        {
            operations[i] = i > 0 && _prng.Chance(0.03) ? operations[i - 1] : Operation();
        }

        return operations;
    }

    private QueueOperation Operation()
    {
        if (_leases.Count == 0 || _prng.Chance(0.55))
        {
            return Enqueue(AnyTopic());
        }

        // Mostly the newest leases, which are likely still held.
        var back = (int)Math.Min(_prng.Chance(0.8) ? _prng.Below(3) : _prng.Below((ulong)_leases.Count), (ulong)_leases.Count - 1);
        var (topic, token) = _leases[_leases.Count - 1 - back];
        return _prng.Below(8) switch
        {
            < 4 => QueueOperation.Ack(topic, token),
            4 => QueueOperation.Nack(topic, token, (uint)_prng.Below(3) * 100, _prng.Chance(0.3)),
            5 => QueueOperation.Extend(topic, token, (uint)_prng.Between(1, 500)),
            6 => QueueOperation.Revive(topic, token.Offset),
            _ => QueueOperation.Drop(topic, token.Offset),
        };
    }

    private QueueOperation Enqueue(TopicId topic)
    {
        var payload = new byte[_prng.Chance(0.1) ? _prng.Between(60, 5000) : _prng.Between(0, 60)];
        _prng.Fill(payload);
        var delay = _prng.Chance(0.2) ? (uint)_prng.Between(1, 300) : 0;
        var keyed = topic.Value == 2 ^ _prng.Chance(0.02);
        return keyed
            ? QueueOperation.Enqueue(topic, new byte[] { (byte)_prng.Below(16) }, payload, delay)
            : QueueOperation.Enqueue(topic, payload, delay);
    }

    internal sealed record Sent(QueueCommand Command, ulong Time, ulong Session, ulong Sequence)
    {
        public byte[] Bytes => Replica.Encode(Command, Time, Session, Sequence);
    }
}
