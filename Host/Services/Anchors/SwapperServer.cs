using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.Anchors;

/// <summary>The permission to read and write a register in one step.</summary>
internal sealed class SwapperServer(AnchorTree tree, AnchorNode node) : Anchor.Swapper.IServer, IDisposable
{
    public ValueTask SwapAsync(CallContext<Anchor.Swapper.SwapParams.Reader, Anchor.Swapper.SwapResults.Builder> call)
    {
        var old = default(Register);
        Owned.Try(Register.From(call.Params.New), value =>
        {
            old = tree.Swap(node, value);
            return true;
        });
        using (old)
        {
            old.Write(call.Results.InitOld());
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask CompareAndSwapAsync(CallContext<Anchor.Swapper.CompareAndSwapParams.Reader, Anchor.Swapper.CompareAndSwapResults.Builder> call)
    {
        using var expected = Register.From(call.Params.Old);
        call.Results.Swapped = Owned.Try(Register.From(call.Params.New), value => tree.TryExchange(node, expected, value));
        return ValueTask.CompletedTask;
    }

    public ValueTask UpdateAsync(CallContext<Anchor.Swapper.UpdateParams.Reader, Anchor.Swapper.UpdateResults.Builder> call)
    {
        var version = call.Params.Version;
        call.Results.Updated = Owned.Try(Register.From(call.Params.New), value => tree.TryUpdate(node, version, value));
        return ValueTask.CompletedTask;
    }

    public void Dispose() => tree.Release(node);
}
