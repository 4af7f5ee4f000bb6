using Wetware.Host.Protocol;
using Wetware.Rpc;

namespace Wetware.Host.Membership;

/// <summary>Takes membership frames that came over a connection.</summary>
internal sealed class GossipServer(GossipLoop loop) : Gossip.IServer
{
    public ValueTask DeliverAsync(CallContext<Gossip.DeliverParams.Reader, StreamResult.Builder> call)
    {
        loop.Deliver(call.Params.Frame.Span);
        return ValueTask.CompletedTask;
    }
}
