using Wetware.Client.Net;
using Wetware.Core;
using Wetware.Host.Net;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.Anchors;

/// <summary>A node of the cluster as an anchor: below it are the registers of that node; its own value, which can only be read, is a session with the node.</summary>
internal sealed class HostAnchorServer(AnchorScope scope, PeerId peer) : Anchor.IServer, IDisposable
{
    private readonly AnchorScope _scope = scope.Use();

    /// <summary>The anchor at a path of a node. The caller disposes of it.</summary>
    /// <exception cref="RpcException">The node cannot be reached, or refuses.</exception>
    public static async Task<Anchor.Client> WalkAsync(AnchorScope scope, PeerId peer, AnchorPath path, CancellationToken cancellation)
    {
        if (path.IsRoot)
        {
            return Anchor.Client.Serve(new HostAnchorServer(scope, peer));
        }

        if (peer == scope.Hosts.Self)
        {
            return Anchor.Client.Serve(new AnchorServer(scope.Tree, scope.Tree.Walk(null, path)));
        }

        var remote = await RemoteAsync(scope, peer).ConfigureAwait(false);
        using var answer = remote.Session.Wire.Anchor.Walk($"/{peer}{path}", cancellation);
        return (await answer).Anchor.AddRef();
    }

    public async ValueTask LsAsync(CallContext<Anchor.LsParams.Reader, Anchor.LsResults.Builder> call)
    {
        if (peer == _scope.Hosts.Self)
        {
            using var local = Anchor.Client.Serve(new AnchorServer(_scope.Tree, _scope.Tree.Walk(null, default)));
            using var children = local.Ls(call.Cancellation);
            Copy((await children).Children, call.Results);
            return;
        }

        var remote = await RemoteAsync(_scope, peer).ConfigureAwait(false);
        using var host = remote.Session.Wire.Anchor.Walk($"/{peer}", call.Cancellation);
        using var answer = host.Pipeline.Anchor.Ls(call.Cancellation);
        Copy((await answer).Children, call.Results);
    }

    public async ValueTask WalkAsync(CallContext<Anchor.WalkParams.Reader, Anchor.WalkResults.Builder> call)
    {
        var path = AnchorPath.Parse(call.Params.Path.ToString());
        using var found = await WalkAsync(_scope, peer, path, call.Cancellation).ConfigureAwait(false);
        call.Results.SetAnchor(found);
    }

    public ValueTask CellAsync(CallContext<Anchor.CellParams.Reader, Anchor.CellResults.Builder> call)
    {
        using var loader = Anchor.Loader.Client.Serve(new HostLoaderServer(_scope, peer));
        call.Results.SetLoader(loader);
        return ValueTask.CompletedTask;
    }

    public void Dispose() => _scope.Dispose();

    private static async Task<RemoteNode> RemoteAsync(AnchorScope scope, PeerId peer)
    {
        var remote = await scope.ConnectAsync(peer).ConfigureAwait(false);
        return remote.Session.Wire.Anchor.Capability.IsNull ? throw new RpcException($"node {peer} grants no anchors") : remote;
    }

    private static void Copy(Wetware.Capnp.StructListReader<Anchor.Child.Reader> from, Anchor.LsResults.Builder results)
    {
        var wire = results.InitChildren(from.Count);
        for (var i = 0; i < from.Count; i++)
        {
            wire[i].SetAnchor(from[i].Anchor);
            wire[i].SetName(from[i].Name.ToString());
        }
    }
}
