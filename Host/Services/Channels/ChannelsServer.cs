using Wetware.Capnp;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.Channels;

/// <summary>Makes channels in the memory of this node.</summary>
internal sealed class ChannelsServer(ChannelHub hub) : Protocol.Wire.Channels.IServer
{
    public ValueTask MakeAsync(CallContext<Protocol.Wire.Channels.MakeParams.Reader, Protocol.Wire.Channels.MakeResults.Builder> call)
    {
        using var made = Chan.Client<PointerReader, PointerBuilder>.Serve(new ChanServer(hub.Make(call.Params.Items, call.Params.Bytes)));
        call.Results.SetChan(made);
        return ValueTask.CompletedTask;
    }
}
