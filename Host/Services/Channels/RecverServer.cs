using Wetware.Capnp;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.Channels;

/// <summary>The permission to receive from a channel.</summary>
internal sealed class RecverServer(LiveChannel channel) : Recver.IServer<PointerReader, PointerBuilder>, IDisposable
{
    private readonly LiveChannel _channel = channel.Use();

    public ValueTask RecvAsync(CallContext<Recver.RecvParams.Reader<PointerReader, PointerBuilder>, Recver.RecvResults.Builder<PointerReader, PointerBuilder>> call) =>
        ChannelCalls.ReceiveAsync(_channel, call);

    public void Dispose() => _channel.Release();
}
