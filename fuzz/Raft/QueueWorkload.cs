using System.Buffers;
using System.Buffers.Binary;
using Wetware.Core;
using Wetware.Fuzz.Linearizability;
using Wetware.Host.Consensus;
using Wetware.Host.Services.Queues;
using Wetware.Protocol.Queues;
using Wetware.Queue;

namespace Wetware.Fuzz.Raft;

/// <summary>
/// Clients of a topic of the real queue machine, used as a FIFO queue: a dequeue is a lease that outlasts the run, acknowledged with
/// the client's next command. All commands carry sessions, so that what may have happened is simply asked again, and counts once.
/// </summary>
internal sealed class QueueWorkload(IScript<QueueCall> script) : IWorkload
{
    private const ulong Epoch = 1_700_000_000_000;
    private const uint LeaseMilliseconds = 24 * 60 * 60 * 1000;

    private readonly Testimony<QueueContents, QueueCall> _testimony = new(new QueueModel(), () => new SequentialQueue());
    private readonly Dictionary<int, Session> _sessions = [];
    private readonly List<(int Client, CommandKind Kind, int Operation)> _requests = [];

    public bool HasSessions => true;

    public long Answered => _testimony.Answered;

    public bool IsDone => script.IsDone;

    public ReadOnlySpan<Operation<QueueCall>> Operations => _testimony.Operations;

    public static EndlessScript<QueueCall> Endless(ulong seed)
    {
        var random = new Prng(seed);
        var written = 0L;
        return new(() => random.Chance(0.5) ? QueueCall.Enqueue(++written) : QueueCall.Dequeue());
    }

    public IStateMachine NewMachine() => new QueueStateMachine();

    public bool TryBegin(int client, long now, out ClientRequest request)
    {
        request = default;
        if (!_sessions.TryGetValue(client, out var session))
        {
            _sessions.Add(client, session = new());
        }

        if (session.Id == 0)
        {
            request = Request(client, now, session, QueueCommand.OpenSession, -1);
        }
        else if (session.Topic == TopicId.None)
        {
            request = Request(client, now, session, QueueCommand.CreateTopic("line", TopicOptions.Default), -1);
        }
        else if (session.Leased is { } token)
        {
            session.Leased = null;
            request = Request(client, now, session, QueueCommand.Transact(QueueOperation.Ack(session.Topic, token)), -1);
        }
        else if (script.TryNext(client, out var call))
        {
            var command = call.Verb == QueueVerb.Enqueue
                ? QueueCommand.Transact(QueueOperation.Enqueue(session.Topic, BitConverter.GetBytes(call.Value)))
                : QueueCommand.Lease(session.Topic, 1, LeaseMilliseconds);
            request = Request(client, now, session, command, _testimony.Invoke(client, call));
        }
        else
        {
            return false;
        }

        return true;
    }

    public void Applied(ulong number, LogIndex index, ReadOnlySpan<byte> reply)
    {
        var operation = _requests[(int)number - 1].Operation;
        if (operation >= 0 && QueueCodec.DecodeReply(reply.ToArray()).Status == QueueStatus.Ok)
        {
            // Asked again it gets another entry, but the first one was it.
            _ = _testimony.Place(operation, index);
        }
    }

    public void Answer(ulong number, LogIndex index, ReadOnlySpan<byte> reply)
    {
        var (client, kind, operation) = _requests[(int)number - 1];
        var session = _sessions[client];
        var answer = QueueCodec.DecodeReply(reply.ToArray());
        if (answer.Status == QueueStatus.SessionUnknown)
        {
            // Silent for too long; what became of the operation stays open.
            (session.Id, session.Leased) = (0, null);
            return;
        }

        if (answer.Status != QueueStatus.Ok)
        {
            throw new SimulationFailure($"{kind} was answered with {answer.Status}");
        }

        switch (kind)
        {
            case CommandKind.OpenSession:
                (session.Id, session.Next) = (answer.Session, 1);
                break;
            case CommandKind.CreateTopic:
                session.Topic = answer.Topic;
                break;
            case CommandKind.Lease when answer.Messages.Count > 0:
                session.Leased = answer.Messages[0].Token;
                _testimony.Return(operation, QueueCall.Dequeue(BinaryPrimitives.ReadInt64LittleEndian(answer.Messages[0].Payload.Span)));
                break;
            case CommandKind.Lease:
                _testimony.Return(operation, QueueCall.DequeueEmpty());
                break;
            default:
                if (operation >= 0)
                {
                    _testimony.Return(operation, _testimony[operation]);
                }

                break;
        }
    }

    public void Abandon(ulong number) => throw new InvalidOperationException("what carries a session is never abandoned");

    public void End() => script.End();

    public string? Check()
    {
        if (_testimony.Check() is { } trouble)
        {
            return $"{trouble}; monitor: {new QueueMonitor().Check(Operations)}";
        }

        return null;
    }

    private ClientRequest Request(int client, long now, Session session, QueueCommand command, int operation)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var (id, sequence) = session.Id == 0 ? (0UL, 0UL) : (session.Id, session.Next++);
        QueueCodec.Encode(command, Epoch + (ulong)(now / 1000), id, sequence, bytes);
        _requests.Add((client, command.Kind, operation));
        return new((ulong)_requests.Count, bytes.WrittenSpan.ToArray(), IsQuery: false);
    }

    private sealed class Session
    {
        public ulong Id { get; set; }

        public ulong Next { get; set; }

        public TopicId Topic { get; set; }

        public LeaseToken? Leased { get; set; }
    }
}
