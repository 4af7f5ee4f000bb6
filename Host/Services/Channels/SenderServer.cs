using Wetware.Capnp;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.Channels;

/// <summary>The permission to send to a channel.</summary>
internal sealed class SenderServer(LiveChannel channel) : Sender.IServer<PointerReader, PointerBuilder>, IDisposable
{
    private readonly LiveChannel _channel = channel.Use();

    public ValueTask SendAsync(CallContext<Sender.SendParams.Reader<PointerReader, PointerBuilder>, Sender.SendResults.Builder<PointerReader, PointerBuilder>> call) =>
        ChannelCalls.SendAsync(_channel, call);

    public void Dispose() => _channel.Release();
}
