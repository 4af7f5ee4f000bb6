using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.Anchors;

/// <summary>The permission to write a register.</summary>
internal sealed class StorerServer(AnchorTree tree, AnchorNode node) : Anchor.Storer.IServer, IDisposable
{
    public ValueTask StoreAsync(CallContext<Anchor.Storer.StoreParams.Reader, Anchor.Storer.StoreResults.Builder> call)
    {
        var overwrite = call.Params.Overwrite;
        call.Results.Succeeded = Owned.Try(Register.From(call.Params.Value), value => tree.TryStore(node, value, overwrite));
        return ValueTask.CompletedTask;
    }

    public void Dispose() => tree.Release(node);
}
