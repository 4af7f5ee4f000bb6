using Wetware.Client.Net;
using Wetware.Host.Sessions;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.Processes;

/// <summary>The permission of a program to read a register: a session that is found there comes with a lease of its executor. Owns the loader.</summary>
internal sealed class LeasedLoaderServer(Anchor.Loader.Client loader, ExecutorLeases leases) : Anchor.Loader.IServer, IDisposable
{
    public async ValueTask LoadAsync(CallContext<Anchor.Loader.LoadParams.Reader, Anchor.Loader.LoadResults.Builder> call)
    {
        using var answer = loader.Load(call.Cancellation);
        var results = await answer;
        if (results.Value.Which == Anchor.Value.Which.Session)
        {
            using var session = HeldSession.From(results.Value.Session);
            var found = session.Wire;
            using var executor = found.Executor.Capability.IsNull
                ? found.Executor.AddRef()
                : await leases.LeaseAsync(found.Executor, call.Cancellation).ConfigureAwait(false);
            using var root = LeasedAnchorServer.Wrap(found.Anchor, leases);
            var wire = call.Results.InitValue().InitSession();
            session.WriteTo(wire);
            wire.SetExecutor(executor);
            wire.SetAnchor(root);
        }
        else
        {
            call.Results.SetValue(results.Value);
        }

        call.Results.Version = results.Version;
    }

    public void Dispose() => loader.Dispose();
}
