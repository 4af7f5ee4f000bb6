using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.Anchors;

/// <summary>The root of all anchors, for one session: its children are the nodes of the cluster. It holds no value itself.</summary>
internal sealed class ClusterAnchorServer(AnchorScope scope) : Anchor.IServer, IDisposable
{
    private readonly AnchorScope _scope = scope.Use();

    public ValueTask LsAsync(CallContext<Anchor.LsParams.Reader, Anchor.LsResults.Builder> call)
    {
        var peers = _scope.Hosts.List();
        var wire = call.Results.InitChildren(peers.Count);
        for (var i = 0; i < peers.Count; i++)
        {
            using var host = Anchor.Client.Serve(new HostAnchorServer(_scope, peers[i]));
            wire[i].SetAnchor(host);
            wire[i].SetName(peers[i].ToString());
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask WalkAsync(CallContext<Anchor.WalkParams.Reader, Anchor.WalkResults.Builder> call)
    {
        var path = AnchorPath.Parse(call.Params.Path.ToString());
        if (path.IsRoot)
        {
            using var root = _scope.ServeRoot();
            call.Results.SetAnchor(root);
            return;
        }

        var name = path.Names[0];
        var peer = _scope.Hosts.Resolve(name);
        if (peer.IsNone)
        {
            throw new RpcException($"there is no node {name} in the cluster");
        }

        using var found = await HostAnchorServer.WalkAsync(_scope, peer, path.Tail, call.Cancellation).ConfigureAwait(false);
        call.Results.SetAnchor(found);
    }

    public ValueTask CellAsync(CallContext<Anchor.CellParams.Reader, Anchor.CellResults.Builder> call)
    {
        // Nothing can be stored here, and nothing read.
        _ = call.Results;
        return ValueTask.CompletedTask;
    }

    public void Dispose() => _scope.Dispose();
}
