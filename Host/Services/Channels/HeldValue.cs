using Wetware.Capnp;
using Wetware.Rpc;

namespace Wetware.Host.Services.Channels;

/// <summary>A copy of whatever a pointer of a message led to, with the capabilities in it, to be kept beyond the message. Owns them.</summary>
internal sealed class HeldValue : IDisposable
{
    private readonly MessageBuilder _message;

    private HeldValue(MessageBuilder message)
    {
        _message = message;
        Bytes = message.SizeBytes + Limits.ChannelValueOverheadBytes + ((long)message.Capabilities.Count * Limits.ChannelCapabilityBytes);
    }

    /// <summary>What it takes of the memory of the node, about.</summary>
    public long Bytes { get; }

    /// <summary>What it is; valid as long as this is not disposed of.</summary>
    public PointerReader Content => _message.AsReader();

    /// <summary>Copies a value of a channel out of a message.</summary>
    /// <exception cref="RpcException">It is too large.</exception>
    public static HeldValue From(PointerReader wire) => From(message => message.Root.Set(wire), Limits.ChannelValueBytesMax, "a value of a channel");

    /// <summary>Copies a struct out of a message.</summary>
    /// <exception cref="RpcException">It is too large.</exception>
    public static HeldValue From(StructReader wire, long bytesMax, string what) => From(message => message.Root.Set(wire), bytesMax, what);

    /// <summary>Copies it into a message.</summary>
    public void Write(PointerBuilder wire) => wire.Set(Content);

    public void Dispose() => _message.Dispose();

    private static HeldValue From(Action<MessageBuilder> copy, long bytesMax, string what)
    {
        // The first segment is the root pointer alone, so that the budget counts all that was sent, and a short value takes little.
        var message = new MessageBuilder(firstSegmentWords: 1);
        try
        {
            message.EnterBudget(new BuildBudget(bytesMax));
            copy(message);
            var value = new HeldValue(message);
            if (value.Bytes <= bytesMax)
            {
                return value;
            }
        }
        catch (BuildBudgetException)
        {
            // Refused below.
        }
        catch
        {
            message.Dispose();
            throw;
        }

        message.Dispose();
        throw new RpcException($"{what} has at most {bytesMax} bytes, with {Limits.ChannelCapabilityBytes} for each capability");
    }
}
