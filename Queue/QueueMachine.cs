using System.Buffers;
using Wetware.Capnp;
using Wetware.Core;
using Wetware.Protocol.Queues;
using Wetware.Protocol.Routing;
using Wire = Wetware.Protocol.Queues.Generated;

namespace Wetware.Queue;

/// <summary>
/// The replicated queue machine. Fed the same commands in the same order, every replica gives the same replies and has the same
/// <see cref="Digest"/>. It is total: bytes that are no command get a reply that says so. Time is what commands claim: the machine's clock
/// is the latest moment any of them named, and deadlines, delays and sessions run by it. Used by one thread at a time.
/// </summary>
public sealed class QueueMachine : IDisposable
{
    private readonly ReplyWriter _reply = new();
    private readonly QueryHandler _queries = new();
    private readonly MessageReader _incoming = new();
    private byte[] _command = new byte[4096];
    private QueueState _state = new();
    private SessionTable _sessions = new();
    private CommandHandler _commands;

    /// <summary>An empty machine, before the first command.</summary>
    public QueueMachine()
    {
        Limits.Check();
        _commands = new CommandHandler(_state, _sessions, _reply, _incoming);
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
    /// <param name="reply">Gets the reply's bytes, at most <see cref="QueueLimits.ReplyBytesMax"/>.</param>
    public void Apply(LogIndex index, ReadOnlySpan<byte> command, IBufferWriter<byte> reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        Invariant.Check(index > Applied);
        Applied = index;
        if (TryOpen(command, out var reader) && reader.Time <= QueueLimits.TimeMillisecondsMax)
        {
            _state.Advance(reader.Time);
            _sessions.Expire(_state.Clock);
            _commands.Execute(reader);
        }
        else
        {
            _commands.Refuse(QueueStatus.Malformed);
        }

        _incoming.Close();
        _state.Seal();
        Invariant.Check(_reply.Bytes.Length <= QueueLimits.ReplyBytesMax);
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
        _commands = new CommandHandler(state, sessions, _reply, _incoming);
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
        if (message.Length > QueueLimits.CommandBytesMax)
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
}
