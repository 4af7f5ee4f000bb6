using Wetware.Host.Protocol;
using Wetware.Host.Sessions;
using Wetware.Rpc;

namespace Wetware.Host.Processes;

/// <summary>The permission of a program to read a register: a session that is found there comes with a lease of its executor. Owns the loader.</summary>
internal sealed class LeasedLoaderServer(Anchor.Loader.Client loader, ExecutorLeases leases) : Anchor.Loader.IServer, IDisposable
{
    public async ValueTask LoadAsync(CallContext<Anchor.Loader.LoadParams.Reader, Anchor.Loader.LoadResults.Builder> call)
    {
        using var answer = loader.Load(call.Cancellation);
        var results = await answer;
        if (results.Value.Which == Anchor.Value.Which.Session)
        {
            using var session = new HeldSession(results.Value.Session);
            using var executor = session.Executor.Capability.IsNull
                ? session.Executor.AddRef()
                : await leases.LeaseAsync(session.Executor, call.Cancellation).ConfigureAwait(false);
            using var root = LeasedAnchorServer.Wrap(session.Anchor, leases);
            session.Write(call.Results.InitValue().InitSession(), SessionGrant.All, executor, root);
        }
        else
        {
            call.Results.SetValue(results.Value);
        }

        call.Results.Version = results.Version;
    }

    public void Dispose() => loader.Dispose();
}
