using Wetware.Protocol.Queues;

namespace Wetware.Queue.Tests;

/// <summary>The queue, written to be obviously right and nothing else: lists, searches, and a copy of everything before each transaction.</summary>
internal sealed class Model
{
    private List<ModelTopic> _topics = [];
    private readonly Dictionary<ulong, ModelSession> _sessions = [];
    private ulong _nextSession = 1;

    public ulong Clock { get; private set; }

    public IReadOnlyList<ModelTopic> Topics => _topics;

    public QueueReply Apply(QueueCommand command, ulong time, ulong session, ulong sequence)
    {
        Advance(time);
        foreach (var idle in _sessions.Where(s => s.Value.LastUsed + QueueLimits.SessionIdleMilliseconds <= Clock).ToList())
        {
            _sessions.Remove(idle.Key);
        }

        if (session == 0)
        {
            return Do(command, 0);
        }

        if (!_sessions.TryGetValue(session, out var known))
        {
            return Status(QueueStatus.SessionUnknown);
        }

        known.LastUsed = Clock;
        if (known.Replies.TryGetValue(sequence, out var kept))
        {
            return kept;
        }

        if (known.Replies.Keys.Any(k => k > sequence && k % (ulong)QueueLimits.SessionWindow == sequence % (ulong)QueueLimits.SessionWindow))
        {
            return Status(QueueStatus.SessionStale);
        }

        foreach (var passed in known.Replies.Keys.Where(k => k % (ulong)QueueLimits.SessionWindow == sequence % (ulong)QueueLimits.SessionWindow).ToList())
        {
            known.Replies.Remove(passed);
        }

        var reply = Do(command, session);
        known.Replies[sequence] = reply;
        return reply;
    }

    private QueueReply Status(QueueStatus status, int failed = 0) => new() { Status = status, Failed = failed, Clock = Clock };

    private void Advance(ulong time)
    {
        if (time <= Clock)
        {
            return;
        }

        Clock = time;
        var due = _topics.SelectMany(t => t.Messages.Select(m => (Topic: t, Message: m)))
            .Where(x => x.Message.State is MessageState.Leased or MessageState.Delayed && x.Message.At <= Clock)
            .OrderBy(x => x.Message.At).ThenBy(x => x.Topic.Number).ThenBy(x => x.Message.Offset).ToList();
        foreach (var (topic, message) in due)
        {
            if (message.State == MessageState.Leased)
            {
                topic.Expired++;
                End(topic, message, 0);
            }
            else
            {
                Line(topic, message, 0);
            }
        }
    }

    private QueueReply Do(QueueCommand command, ulong session)
    {
        switch (command.Kind)
        {
            case CommandKind.OpenSession when session == 0:
                _sessions[_nextSession] = new ModelSession { LastUsed = Clock };
                return new QueueReply { Clock = Clock, Session = _nextSession++ };
            case CommandKind.CreateTopic:
                var found = _topics.Find(t => t.Name == command.Name);
                if (found is null)
                {
                    found = new ModelTopic { Name = command.Name, Options = command.Options, Number = _topics.Count + 1 };
                    _topics.Add(found);
                }

                return found.Options == command.Options
                    ? new QueueReply { Clock = Clock, Topic = new TopicId((uint)found.Number) }
                    : Status(QueueStatus.TopicDiffers);
            case CommandKind.Lease:
                return Lease(command);
            case CommandKind.Transact:
                return Transact(command.Operations);
            case CommandKind.Tick:
                return Status(QueueStatus.Ok);
            default:
                return Status(QueueStatus.Malformed);
        }
    }

    private QueueReply Lease(QueueCommand command)
    {
        var topic = _topics.Find(t => t.Number == (int)command.Topic.Value);
        if (topic is null)
        {
            return Status(QueueStatus.TopicUnknown);
        }

        var taken = topic.Messages.Where(m => m.State == MessageState.Ready).OrderBy(m => m.Order).Take(command.Count).ToList();
        foreach (var message in taken)
        {
            message.State = MessageState.Leased;
            message.At = Clock + command.VisibilityMilliseconds;
            message.Lease++;
            message.Attempts++;
        }

        return new QueueReply
        {
            Clock = Clock,
            Messages = [.. taken.Select(m => new LeasedMessage(new LeaseToken(m.Offset, m.Lease), m.Attempts, m.At, m.Payload))],
        };
    }

    private QueueReply Transact(IReadOnlyList<QueueOperation> operations)
    {
        // Every operation is judged by the state before the transaction; none may touch what an earlier one touches.
        var claimed = new HashSet<(TopicId, ulong)>();
        for (var i = 0; i < operations.Count; i++)
        {
            var status = Judge(operations[i], claimed);
            if (status != QueueStatus.Ok)
            {
                return Status(status, i);
            }
        }

        var before = _topics.ConvertAll(t => t.Copy());
        var results = operations.Select(Perform).ToList();
        if (_topics.Exists(t => t.Grew && (ulong)t.Messages.Count > t.MessagesMax))
        {
            _topics = before;
            return Status(QueueStatus.Full);
        }

        _topics.ForEach(t => t.Grew = false);
        return new QueueReply { Clock = Clock, Outcomes = results };
    }

    private QueueStatus Judge(QueueOperation operation, HashSet<(TopicId, ulong)> claimed)
    {
        var topic = _topics.Find(t => t.Number == (int)operation.Topic.Value);
        if (topic is null)
        {
            return QueueStatus.TopicUnknown;
        }

        if (operation.Kind == OperationKind.Enqueue)
        {
            return operation.Key is null == topic.Options.Dedupe ? QueueStatus.KeyMismatch : QueueStatus.Ok;
        }

        var message = topic.Messages.Find(m => m.Offset == operation.Token.Offset);
        var wantsDead = operation.Kind is OperationKind.Revive or OperationKind.Drop;
        if (wantsDead && message?.State != MessageState.Dead)
        {
            return QueueStatus.NotDead;
        }

        if (!wantsDead && (message?.State != MessageState.Leased || message.Lease != operation.Token.Lease))
        {
            return QueueStatus.LeaseLost;
        }

        return claimed.Add((operation.Topic, operation.Token.Offset)) ? QueueStatus.Ok : QueueStatus.Conflict;
    }

    private OperationResult Perform(QueueOperation operation)
    {
        var topic = _topics.Find(t => t.Number == (int)operation.Topic.Value)!;
        if (operation.Kind == OperationKind.Enqueue)
        {
            return Enqueue(topic, operation);
        }

        var message = topic.Messages.Find(m => m.Offset == operation.Token.Offset)!;
        switch (operation.Kind)
        {
            case OperationKind.Ack:
                topic.Messages.Remove(message);
                topic.Acked++;
                break;
            case OperationKind.Nack:
                message.Attempts -= operation.GivesBack ? 1u : 0;
                topic.Nacked++;
                End(topic, message, operation.Milliseconds);
                break;
            case OperationKind.Extend:
                message.At = Clock + operation.Milliseconds;
                break;
            case OperationKind.Revive:
                message.Attempts = 0;
                Line(topic, message, 0);
                break;
            default:
                topic.Messages.Remove(message);
                topic.Dropped++;
                break;
        }

        return default;
    }

    private OperationResult Enqueue(ModelTopic topic, QueueOperation operation)
    {
        var key = operation.Key is { } bytes ? Convert.ToHexString(bytes.Span) : null;
        if (key is not null && topic.Keys.Contains(key))
        {
            topic.Duplicates++;
            return new OperationResult(OperationOutcome.Duplicate, 0);
        }

        if (topic.Options.AcceptedMax > 0 && topic.NextOffset >= topic.Options.AcceptedMax)
        {
            topic.Refused++;
            return new OperationResult(OperationOutcome.LimitReached, 0);
        }

        topic.Keys.Add(key ?? "");
        var message = new ModelMessage { Offset = topic.NextOffset++, Payload = operation.Payload.ToArray() };
        topic.Messages.Add(message);
        topic.Grew = true;
        Line(topic, message, operation.Milliseconds);
        return new OperationResult(OperationOutcome.Done, message.Offset);
    }

    private void End(ModelTopic topic, ModelMessage message, uint delay)
    {
        if (topic.Options.AttemptsMax > 0 && message.Attempts >= topic.Options.AttemptsMax)
        {
            message.State = MessageState.Dead;
        }
        else
        {
            Line(topic, message, delay);
        }
    }

    private void Line(ModelTopic topic, ModelMessage message, uint delay)
    {
        message.State = delay > 0 ? MessageState.Delayed : MessageState.Ready;
        message.At = Clock + delay;
        message.Order = delay > 0 ? 0 : topic.NextOrder++;
    }

    private sealed class ModelSession
    {
        public ulong LastUsed { get; set; }

        public Dictionary<ulong, QueueReply> Replies { get; } = [];
    }
}
