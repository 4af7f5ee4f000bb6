using Wetware.Host.Membership;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.Members;

/// <summary>Takes membership frames that came over a connection.</summary>
internal sealed class GossipServer(GossipLoop loop) : Gossip.IServer
{
    public ValueTask DeliverAsync(CallContext<Gossip.DeliverParams.Reader, StreamResult.Builder> call)
    {
        loop.Deliver(call.Params.Frame.Span);
        return ValueTask.CompletedTask;
    }
}
