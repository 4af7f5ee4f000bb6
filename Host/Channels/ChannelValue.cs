using Wetware.Core.Capnp;
using Wetware.Rpc;

namespace Wetware.Host.Channels;

/// <summary>A value of a channel: a copy of whatever a sender's pointer led to, with the capabilities in it. Owns them.</summary>
internal sealed class ChannelValue : IDisposable
{
    private readonly MessageBuilder _message;

    private ChannelValue(MessageBuilder message)
    {
        _message = message;
        Bytes = message.SizeBytes + Limits.ChannelValueOverheadBytes + ((long)message.Capabilities.Count * Limits.ChannelCapabilityBytes);
    }

    /// <summary>What it takes of the memory of the node, about.</summary>
    public long Bytes { get; }

    /// <summary>Copies a value out of a message.</summary>
    /// <exception cref="RpcException">It is too large.</exception>
    public static ChannelValue From(PointerReader wire)
    {
        // The first segment is the root pointer alone, so that the budget counts all that was sent, and a short value takes little.
        var message = new MessageBuilder(firstSegmentWords: 1);
        try
        {
            message.EnterBudget(new BuildBudget(Limits.ChannelValueBytesMax));
            message.Root.Set(wire);
            var value = new ChannelValue(message);
            if (value.Bytes <= Limits.ChannelValueBytesMax)
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
        throw new RpcException($"a value of a channel has at most {Limits.ChannelValueBytesMax} bytes, with {Limits.ChannelCapabilityBytes} for each capability");
    }

    /// <summary>Copies it into a message.</summary>
    public void Write(PointerBuilder wire) => wire.Set(_message.AsReader());

    public void Dispose() => _message.Dispose();
}
