using Wetware.Capnp;
using Wetware.Host.Protocol;
using Wetware.Rpc;

namespace Wetware.Host.Channels;

/// <summary>Makes channels in the memory of this node.</summary>
internal sealed class ChannelsServer(ChannelHub hub) : Protocol.Channels.IServer
{
    public ValueTask MakeAsync(CallContext<Protocol.Channels.MakeParams.Reader, Protocol.Channels.MakeResults.Builder> call)
    {
        using var made = Chan.Client<PointerReader, PointerBuilder>.Serve(new ChanServer(hub.Make(call.Params.Items, call.Params.Bytes)));
        call.Results.SetChan(made);
        return ValueTask.CompletedTask;
    }
}
