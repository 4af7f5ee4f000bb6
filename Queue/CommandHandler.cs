using Wetware.Capnp;
using Wetware.Protocol.Queues;

namespace Wetware.Queue;

/// <summary>
/// Carries out commands on one state, each once: a command of a session that comes again gets the reply that it got the first time. Writes the reply
/// of every command.
/// </summary>
/// <param name="state">What commands change.</param>
/// <param name="sessions">Who has sent what.</param>
/// <param name="reply">Gets the reply.</param>
/// <param name="incoming">The message that commands are read from.</param>
internal sealed class CommandHandler(QueueState state, SessionTable sessions, ReplyWriter reply, MessageReader incoming)
{
    private readonly TransactHandler _transact = new(state, reply, incoming);
    private readonly LeaseHandler _lease = new(state, reply);

    /// <summary>Carries out a command, or repeats the reply if its session has sent it before.</summary>
    public void Execute(scoped in CommandReader command)
    {
        if (command.Session == 0)
        {
            Dispatch(command);
            return;
        }

        if (sessions.Find(command.Session) is not { } session)
        {
            Refuse(QueueStatus.SessionUnknown);
            return;
        }

        if (command.Sequence == 0)
        {
            Refuse(QueueStatus.Malformed);
            return;
        }

        sessions.Use(session, state.Clock);
        var place = (int)(command.Sequence % QueueLimits.SessionWindow);
        if (session.Sequences[place] == command.Sequence)
        {
            reply.Repeat(sessions.Reply(session, place));
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
                sessions.Keep(session, command.Sequence, reply.Bytes);
            }
        }
    }

    /// <summary>Replies that nothing was done.</summary>
    public void Refuse(QueueStatus status) => reply.Status(status, 0, state.Clock);

    private void Dispatch(scoped in CommandReader command)
    {
        switch (command.Kind)
        {
            case CommandKind.Tick:
                reply.Status(QueueStatus.Ok, 0, state.Clock);
                break;
            case CommandKind.OpenSession:
                OpenSession(command.Session);
                break;
            case CommandKind.CloseSession:
                var closed = sessions.Close(command.Session);
                reply.Status(closed ? QueueStatus.Ok : QueueStatus.SessionUnknown, 0, state.Clock);
                break;
            case CommandKind.CreateTopic:
                CreateTopic(command.Name, command.Options);
                break;
            case CommandKind.Transact:
                _transact.Transact(command.Operations);
                break;
            case CommandKind.Lease:
                _lease.Lease(command);
                break;
            default:
                Refuse(QueueStatus.Malformed);
                break;
        }
    }

    private void OpenSession(ulong within)
    {
        // A session opened within a session could end its own opener.
        if (within != 0)
        {
            Refuse(QueueStatus.Malformed);
            return;
        }

        reply.Session(sessions.Open(state.Clock).Id, state.Clock);
    }

    private void CreateTopic(ReadOnlySpan<byte> name, in TopicOptions options)
    {
        if (name.Length is 0 or > QueueLimits.TopicNameBytesMax || !System.Text.Unicode.Utf8.IsValid(name))
        {
            Refuse(QueueStatus.Malformed);
        }
        else if (state.Find(name) is { } topic)
        {
            if (topic.Options == options)
            {
                reply.Topic((uint)topic.Number, state.Clock);
            }
            else
            {
                Refuse(QueueStatus.TopicDiffers);
            }
        }
        else if (state.Topics.Count == QueueLimits.TopicsMax)
        {
            Refuse(QueueStatus.TopicsFull);
        }
        else
        {
            reply.Topic((uint)state.AddTopic(name, options).Number, state.Clock);
        }
    }
}
