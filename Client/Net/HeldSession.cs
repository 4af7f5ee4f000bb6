using Wetware.Capnp;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Client.Net;

/// <summary>
/// A session that came in a message, or was made here, kept beyond the message. Owns references of its own. It knows no capability by name,
/// so a new one needs no change here. Safe for concurrent reading.
/// </summary>
internal sealed class HeldSession : IDisposable
{
    /// <summary>Bytes of a session, its capabilities aside: the names of a node and of what is granted beside the usual. A larger one is refused.</summary>
    private const long BytesMax = 64 << 10;

    private readonly MessageBuilder _message;

    private HeldSession(MessageBuilder message) => _message = message;

    /// <summary>What it grants. Its references are borrowed, and valid as long as this is.</summary>
    public Session.Reader Wire => new(_message.AsReader().GetStruct());

    /// <summary>Takes a session from a message.</summary>
    /// <exception cref="RpcException">It is unreasonably large.</exception>
    public static HeldSession From(Session.Reader wire) => Make(message => message.Root.Set(wire.Raw));

    /// <summary>Takes all of a session from a message but the executor.</summary>
    /// <exception cref="RpcException">It is unreasonably large.</exception>
    public static HeldSession WithoutExecutor(Session.Reader wire)
    {
        var held = From(wire);
        held._message.GetRoot<Session.Builder>().SetExecutor(default);
        return held;
    }

    /// <summary>Makes a session.</summary>
    /// <param name="write">Binds capabilities into it.</param>
    public static HeldSession Make(Action<Session.Builder> write) => Make(message => write(message.InitRoot<Session.Builder>()));

    /// <summary>Lends all of it to a message.</summary>
    public void WriteTo(Session.Builder wire) => wire.Raw.CopyFrom(Wire.Raw);

    public void Dispose() => _message.Dispose();

    private static HeldSession Make(Action<MessageBuilder> write)
    {
        var message = new MessageBuilder(firstSegmentWords: 1);
        try
        {
            message.EnterBudget(new BuildBudget(BytesMax));
            write(message);
            return new HeldSession(message);
        }
        catch (BuildBudgetException)
        {
            message.Dispose();
            throw new RpcException($"a session has at most {BytesMax} bytes");
        }
        catch
        {
            message.Dispose();
            throw;
        }
    }
}
