using System.Buffers;
using Wetware.Core;
using Wetware.Core.Capnp;
using Wire = Wetware.Queue.Generated;

namespace Wetware.Queue;

/// <summary>
/// The replicated queue machine. Fed the same commands in the same order, every replica gives the same replies and has the same
/// <see cref="Digest"/>. It is total: bytes that are no command get a reply that says so. Time is what commands claim: the machine's clock
/// is the latest moment any of them named, and deadlines, delays and sessions run by it. Used by one thread at a time.
/// </summary>
public sealed class QueueMachine : IDisposable
{
    private readonly int[] _leased = new int[Limits.LeaseCountMax];
    private readonly ReplyWriter _reply = new();
    private readonly QueryHandler _queries = new();
    private readonly MessageReader _incoming = new();
    private byte[] _command = new byte[4096];
    private QueueState _state = new();
    private SessionTable _sessions = new();
    private Transaction _transaction;

    /// <summary>An empty machine, before the first command.</summary>
    public QueueMachine()
    {
        Limits.Check();
        _transaction = new Transaction(_state);
    }

    /// <summary>The index of the last command applied.</summary>
    public LogIndex Applied { get; private set; }

    /// <summary>The replicated clock in Unix milliseconds.</summary>
    public ulong Clock => _state.Clock;

    /// <summary>A hash of the whole replicated state, kept up to date with every change: reading it costs nothing.</summary>
    public ulong Digest => StateHash.Mix(_state.Digest, _sessions.Digest);

    /// <summary>Gives the machine's pooled memory back.</summary>
    public void Dispose()
    {
        _reply.Dispose();
        _queries.Dispose();
        _incoming.Dispose();
    }

    /// <summary>Applies a command.</summary>
    /// <param name="index">Its place in the log, beyond that of the command before.</param>
    /// <param name="command">Its bytes; not kept.</param>
    /// <param name="reply">Gets the reply's bytes, at most <see cref="Limits.ReplyBytesMax"/>.</param>
    public void Apply(LogIndex index, ReadOnlySpan<byte> command, IBufferWriter<byte> reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        Invariant.Check(index > Applied);
        Applied = index;
        if (TryOpen(command, out var reader) && reader.Time <= Limits.TimeMillisecondsMax)
        {
            _state.Advance(reader.Time);
            _sessions.Expire(_state.Clock);
            Execute(reader);
        }
        else
        {
            Refuse(QueueStatus.Malformed);
        }

        _incoming.Close();
        _state.Seal();
        Invariant.Check(_reply.Bytes.Length <= Limits.ReplyBytesMax);
        reply.Write(_reply.Bytes);
    }

    /// <summary>Answers a question about the state as it is. Changes nothing.</summary>
    /// <param name="query">Its bytes; not kept.</param>
    /// <param name="answer">Gets the answer's bytes.</param>
    public void Query(ReadOnlySpan<byte> query, IBufferWriter<byte> answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        try
        {
            Open(query);
            answer.Write(_queries.Answer(_state, _incoming.GetRoot<Wire.Query.Reader>()));
        }
        catch (DecodeException)
        {
            answer.Write(_queries.Refuse(_state, QueueStatus.Malformed));
        }

        _incoming.Close();
    }

    /// <summary>A topic's number by its name, or <see cref="TopicId.None"/>.</summary>
    public TopicId Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new TopicId((uint)(_state.Find(System.Text.Encoding.UTF8.GetBytes(name))?.Number ?? 0));
    }

    /// <summary>A topic's counts, or null where there is no such topic.</summary>
    public TopicStats? Stats(TopicId topic) => _state.Find(topic)?.Stats;

    /// <summary>Writes the whole replicated state.</summary>
    public void Snapshot(IBufferWriter<byte> output)
    {
        var capture = Capture();
        capture.Write(output);
        capture.Release();
    }

    /// <summary>Takes hold of the state as it is now, so that it can be written on another thread while this one goes on applying. One at a time.</summary>
    /// <returns>To be released on this thread.</returns>
    public QueueCapture Capture() => new(Applied, Digest, _state, _sessions);

    /// <summary>Replaces the whole state by that of a snapshot.</summary>
    /// <exception cref="QueueSnapshotException">The bytes are no intact snapshot; the machine is unchanged.</exception>
    public void Restore(in ReadOnlySequence<byte> snapshot)
    {
        var state = new QueueState();
        var sessions = new SessionTable();
        var (applied, digest) = QueueSnapshot.Load(snapshot, state, sessions);
        if (StateHash.Mix(state.Digest, sessions.Digest) != digest)
        {
            throw new QueueSnapshotException("the snapshot's digest does not match its content");
        }

        _state = state;
        _sessions = sessions;
        _transaction = new Transaction(state);
        Applied = applied;
    }

    private bool TryOpen(ReadOnlySpan<byte> command, out CommandReader reader)
    {
        reader = default;
        try
        {
            Open(command);
            reader = CommandReader.Read(_incoming);
            return true;
        }
        catch (DecodeException)
        {
            return false;
        }
    }

    /// <summary>Opens a message in a copy: a span cannot be kept, and the reader wants memory that stays.</summary>
    private void Open(ReadOnlySpan<byte> message)
    {
        if (message.Length > Limits.CommandBytesMax)
        {
            throw new DecodeException("the message is larger than a command may be");
        }

        if (_command.Length < message.Length)
        {
            _command = new byte[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)message.Length)];
        }

        message.CopyTo(_command);
        _incoming.Open(_command.AsMemory(0, message.Length));
    }

    private void Execute(scoped in CommandReader command)
    {
        if (command.Session == 0)
        {
            Dispatch(command);
            return;
        }

        if (_sessions.Find(command.Session) is not { } session)
        {
            Refuse(QueueStatus.SessionUnknown);
            return;
        }

        if (command.Sequence == 0)
        {
            Refuse(QueueStatus.Malformed);
            return;
        }

        _sessions.Use(session, _state.Clock);
        var place = (int)(command.Sequence % Limits.SessionWindow);
        if (session.Sequences[place] == command.Sequence)
        {
            _reply.Repeat(_sessions.Reply(session, place));
        }
        else if (session.Sequences[place] > command.Sequence)
        {
            Refuse(QueueStatus.SessionStale);
        }
        else
        {
            Dispatch(command);
            if (command.Kind != CommandKind.CloseSession)
            {
                _sessions.Keep(session, command.Sequence, _reply.Bytes);
            }
        }
    }

    private void Dispatch(scoped in CommandReader command)
    {
        switch (command.Kind)
        {
            case CommandKind.Tick:
                _reply.Status(QueueStatus.Ok, 0, Clock);
                break;
            case CommandKind.OpenSession:
                OpenSession(command.Session);
                break;
            case CommandKind.CloseSession:
                var closed = _sessions.Close(command.Session);
                _reply.Status(closed ? QueueStatus.Ok : QueueStatus.SessionUnknown, 0, Clock);
                break;
            case CommandKind.CreateTopic:
                CreateTopic(command.Name, command.Options);
                break;
            case CommandKind.Transact:
                Transact(command);
                break;
            case CommandKind.Lease:
                Lease(command);
                break;
            default:
                Refuse(QueueStatus.Malformed);
                break;
        }
    }

    private void Refuse(QueueStatus status, int operation = 0) => _reply.Status(status, operation, Clock);

    private void OpenSession(ulong within)
    {
        // A session opened within a session could end its own opener.
        if (within != 0)
        {
            Refuse(QueueStatus.Malformed);
            return;
        }

        _reply.Session(_sessions.Open(Clock).Id, Clock);
    }

    private void CreateTopic(ReadOnlySpan<byte> name, in TopicOptions options)
    {
        if (name.Length is 0 or > Limits.TopicNameBytesMax || !System.Text.Unicode.Utf8.IsValid(name))
        {
            Refuse(QueueStatus.Malformed);
        }
        else if (_state.Find(name) is { } topic)
        {
            if (topic.Options == options)
            {
                _reply.Topic((uint)topic.Number, Clock);
            }
            else
            {
                Refuse(QueueStatus.TopicDiffers);
            }
        }
        else if (_state.Topics.Count == Limits.TopicsMax)
        {
            Refuse(QueueStatus.TopicsFull);
        }
        else
        {
            _reply.Topic((uint)_state.AddTopic(name, options).Number, Clock);
        }
    }

    private void Transact(scoped in CommandReader command)
    {
        var operations = command.Operations;
        var status = CheckAll(operations, out var failed);
        if (status != QueueStatus.Ok)
        {
            Refuse(status, failed);
            return;
        }

        // The second pass reads no more than the first did, so that it cannot run into a limit of the message half-way.
        _incoming.ResetBudget();
        _reply.BeginOutcomes(operations.Count, Clock);
        for (var i = 0; i < operations.Count; i++)
        {
            var outcome = Perform(operations[i], out var offset);
            _reply.Outcome(i, outcome, offset);
        }

        _reply.Finish();
    }

    private QueueStatus CheckAll(OperationsReader operations, out int failed)
    {
        failed = 0;
        if (operations.Count > Limits.OperationsMax)
        {
            return QueueStatus.Malformed;
        }

        _incoming.ResetBudget();
        _transaction.Begin();
        try
        {
            for (; failed < operations.Count; failed++)
            {
                var status = Check(operations[failed]);
                if (status != QueueStatus.Ok)
                {
                    return status;
                }
            }
        }
        catch (DecodeException)
        {
            return QueueStatus.Malformed;
        }

        failed = 0;
        return _transaction.CheckRoom();
    }

    private QueueStatus Check(in OperationReader operation) => operation.Kind switch
    {
        OperationKind.Enqueue => _transaction.CheckEnqueue(
            operation.Topic, operation.HasKey, operation.Key, operation.Payload.Length, operation.Milliseconds),
        OperationKind.Ack => _transaction.CheckAck(operation.Topic, operation.Token),
        OperationKind.Nack => _transaction.CheckKeep(operation.Topic, operation.Token, operation.Milliseconds),
        OperationKind.Extend => operation.Milliseconds == 0
            ? QueueStatus.Malformed
            : _transaction.CheckKeep(operation.Topic, operation.Token, operation.Milliseconds),
        OperationKind.Revive => _transaction.CheckDead(operation.Topic, operation.Token.Offset, leaves: false),
        OperationKind.Drop => _transaction.CheckDead(operation.Topic, operation.Token.Offset, leaves: true),
        _ => QueueStatus.Malformed,
    };

    private OperationOutcome Perform(in OperationReader operation, out ulong offset)
    {
        offset = 0;
        switch (operation.Kind)
        {
            case OperationKind.Enqueue:
                return _transaction.Enqueue(operation.Topic, operation.Payload, operation.Milliseconds, out offset);
            case OperationKind.Ack:
                _transaction.Ack(operation.Topic, operation.Token);
                break;
            case OperationKind.Nack:
                _transaction.Nack(operation.Topic, operation.Token, operation.Milliseconds, operation.GivesBack);
                break;
            case OperationKind.Extend:
                _transaction.Extend(operation.Topic, operation.Token, operation.Milliseconds);
                break;
            case OperationKind.Revive:
                _transaction.Revive(operation.Topic, operation.Token.Offset);
                break;
            default:
                Invariant.Check(operation.Kind == OperationKind.Drop);
                _transaction.Drop(operation.Topic, operation.Token.Offset);
                break;
        }

        return OperationOutcome.Done;
    }

    private void Lease(scoped in CommandReader command)
    {
        var visibility = command.LeaseVisibility;
        if (visibility is 0 or > (uint)Limits.DelayMillisecondsMax || command.LeaseCount > Limits.LeaseCountMax)
        {
            Refuse(QueueStatus.Malformed);
            return;
        }

        if (_state.Find(command.LeaseTopic) is not { } topic)
        {
            Refuse(QueueStatus.TopicUnknown);
            return;
        }

        var bytesMax = command.LeaseBytes is 0 or > Limits.LeaseBytesMax ? Limits.LeaseBytesMax : (int)command.LeaseBytes;
        var count = 0;
        var bytes = 0;
        while (count < command.LeaseCount && topic.ReadyHead != 0)
        {
            bytes += _state.Messages[topic.ReadyHead].Payload.Length;
            if (count > 0 && bytes > bytesMax)
            {
                break;
            }

            _leased[count++] = _state.LeaseNext(topic, visibility);
        }

        _reply.BeginMessages(count, Clock);
        for (var i = 0; i < count; i++)
        {
            ref readonly var message = ref _state.Messages[_leased[i]];
            _reply.Message(i, message, _state.Payloads.Read(message.Payload));
        }

        _reply.Finish();
    }
}
