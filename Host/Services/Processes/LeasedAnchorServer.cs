using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.Processes;

/// <summary>An anchor as one program holds it: the executors of the sessions that it finds there, or below, are leased to the program. Owns the anchor.</summary>
internal sealed class LeasedAnchorServer(Anchor.Client anchor, ExecutorLeases leases) : Anchor.IServer, IDisposable
{
    /// <summary>Wraps an anchor.</summary>
    /// <param name="anchor">Borrowed; null is wrapped as null.</param>
    /// <param name="leases">The program's.</param>
    public static Anchor.Client Wrap(Anchor.Client anchor, ExecutorLeases leases) =>
        anchor.Capability.IsNull ? anchor.AddRef() : Anchor.Client.Serve(new LeasedAnchorServer(anchor.AddRef(), leases));

    public async ValueTask LsAsync(CallContext<Anchor.LsParams.Reader, Anchor.LsResults.Builder> call)
    {
        using var answer = anchor.Ls(call.Cancellation);
        var children = (await answer).Children;
        var wire = call.Results.InitChildren(children.Count);
        for (var i = 0; i < children.Count; i++)
        {
            using var child = Wrap(children[i].Anchor, leases);
            wire[i].SetAnchor(child);
            wire[i].SetName(children[i].Name.ToString());
        }
    }

    public async ValueTask WalkAsync(CallContext<Anchor.WalkParams.Reader, Anchor.WalkResults.Builder> call)
    {
        using var answer = anchor.Walk(call.Params.Path.ToString(), call.Cancellation);
        using var found = Wrap((await answer).Anchor, leases);
        call.Results.SetAnchor(found);
    }

    public async ValueTask CellAsync(CallContext<Anchor.CellParams.Reader, Anchor.CellResults.Builder> call)
    {
        using var answer = anchor.Cell(call.Cancellation);
        var cell = await answer;
        using var loader = cell.Loader.Capability.IsNull
            ? cell.Loader.AddRef()
            : Anchor.Loader.Client.Serve(new LeasedLoaderServer(cell.Loader.AddRef(), leases));
        call.Results.SetLoader(loader);
        call.Results.SetStorer(cell.Storer);
        call.Results.SetSwapper(cell.Swapper);
    }

    public void Dispose() => anchor.Dispose();
}
