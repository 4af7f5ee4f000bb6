using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.Anchors;

/// <summary>The permission to read a register.</summary>
internal sealed class LoaderServer(AnchorTree tree, AnchorNode node) : Anchor.Loader.IServer, IDisposable
{
    public ValueTask LoadAsync(CallContext<Anchor.Loader.LoadParams.Reader, Anchor.Loader.LoadResults.Builder> call)
    {
        var (value, version) = tree.Load(node);
        using (value)
        {
            value.Write(call.Results.InitValue());
            call.Results.Version = version;
        }

        return ValueTask.CompletedTask;
    }

    public void Dispose() => tree.Release(node);
}
