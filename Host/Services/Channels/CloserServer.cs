using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.Channels;

/// <summary>The permission to close a channel.</summary>
internal sealed class CloserServer(LiveChannel channel) : Closer.IServer, IDisposable
{
    private readonly LiveChannel _channel = channel.Use();

    public ValueTask CloseAsync(CallContext<Closer.CloseParams.Reader, Closer.CloseResults.Builder> call) => ChannelCalls.CloseAsync(_channel);

    public void Dispose() => _channel.Release();
}
