using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.Anchors;

/// <summary>A register of this node, for whoever holds it.</summary>
internal sealed class AnchorServer(AnchorTree tree, AnchorNode node) : Anchor.IServer, IDisposable
{
    public ValueTask LsAsync(CallContext<Anchor.LsParams.Reader, Anchor.LsResults.Builder> call)
    {
        var children = tree.Children(node);
        var wire = call.Results.InitChildren(children.Length);
        for (var i = 0; i < children.Length; i++)
        {
            using var child = Anchor.Client.Serve(new AnchorServer(tree, children[i]));
            wire[i].SetAnchor(child);
            wire[i].SetName(children[i].Name);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask WalkAsync(CallContext<Anchor.WalkParams.Reader, Anchor.WalkResults.Builder> call)
    {
        using var found = Anchor.Client.Serve(new AnchorServer(tree, tree.Walk(node, AnchorPath.Parse(call.Params.Path.ToString()))));
        call.Results.SetAnchor(found);
        return ValueTask.CompletedTask;
    }

    public ValueTask CellAsync(CallContext<Anchor.CellParams.Reader, Anchor.CellResults.Builder> call)
    {
        using var loader = Anchor.Loader.Client.Serve(new LoaderServer(tree, tree.Hold(node)));
        using var storer = Anchor.Storer.Client.Serve(new StorerServer(tree, tree.Hold(node)));
        using var swapper = Anchor.Swapper.Client.Serve(new SwapperServer(tree, tree.Hold(node)));
        call.Results.SetLoader(loader);
        call.Results.SetStorer(storer);
        call.Results.SetSwapper(swapper);
        return ValueTask.CompletedTask;
    }

    public void Dispose() => tree.Release(node);
}
