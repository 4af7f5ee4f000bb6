using Wetware.Capnp;
using Wetware.Core;
using Wetware.Host.Membership;
using Wetware.Host.Services.Anchors;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.Registry;

/// <summary>Who in the cluster provides what, for one session.</summary>
/// <param name="hub">What this node lists.</param>
/// <param name="hosts">The other nodes.</param>
/// <param name="account">Whose session it is.</param>
internal sealed class RegistryServer(ProviderHub hub, IHosts hosts, PeerId account) : Protocol.Wire.Registry.IServer
{
    /// <summary>How long one node may take to say what it lists: it does so from memory.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private int _registrations;

    public ValueTask ProvideAsync(CallContext<Protocol.Wire.Registry.ProvideParams.Reader, Protocol.Wire.Registry.ProvideResults.Builder> call)
    {
        if (Interlocked.Increment(ref _registrations) > Limits.SessionProvidersMax)
        {
            Ended();
            throw new RpcException(RpcErrorType.Overloaded, $"the session provides {Limits.SessionProvidersMax} services already");
        }

        ulong id;
        try
        {
            id = hub.Add(call.Params.Location, call.Params.Ttl, account);
        }
        catch
        {
            Ended();
            throw;
        }

        using var registration = Protocol.Wire.Registry.Registration.Client.Serve(new RegistrationServer(hub, id, Ended));
        call.Results.SetRegistration(registration);
        return ValueTask.CompletedTask;
    }

    public ValueTask ListAsync(CallContext<Protocol.Wire.Registry.ListParams.Reader, Protocol.Wire.Registry.ListResults.Builder> call)
    {
        var found = hub.List(call.Params.Service.ToString());
        try
        {
            var wire = call.Results.InitProviders(found.Length);
            for (var i = 0; i < found.Length; i++)
            {
                found[i].Write(wire[i], hosts.Self);
            }
        }
        finally
        {
            foreach (var location in found)
            {
                location.Release();
            }
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask FindProvidersAsync(CallContext<Protocol.Wire.Registry.FindProvidersParams.Reader, Protocol.Wire.Registry.FindProvidersResults.Builder> call)
    {
        var service = call.Params.Service.ToString();
        ProviderHub.Check(service);
        using var found = call.Params.Chan.AddRef();
        using var turns = new SemaphoreSlim(1);
        var peers = hosts.List();
        var silent = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Limits.FindNodesMax, CancellationToken = call.Cancellation };
        await Parallel.ForEachAsync(peers, options, async (peer, stop) =>
        {
            using var answer = await AskAsync(peer, service, stop).ConfigureAwait(false);
            if (answer is null)
            {
                Interlocked.Increment(ref silent);
                return;
            }

            // One at a time: what the finder has not taken yet holds up the rest.
            await turns.WaitAsync(stop).ConfigureAwait(false);
            try
            {
                await answer.SendAsync(found, peer, stop).ConfigureAwait(false);
            }
            catch (DecodeException)
            {
                // A node that talks nonsense says nothing, and does not keep others from being heard.
                Interlocked.Increment(ref silent);
            }
            finally
            {
                turns.Release();
            }
        }).ConfigureAwait(false);
        call.Results.Nodes = (uint)peers.Count;
        call.Results.Silent = (uint)silent;
    }

    /// <summary>What a node lists; null if it does not say.</summary>
    private async Task<NodeProviders?> AskAsync(PeerId peer, string service, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(s_patience);
        try
        {
            if (peer == hosts.Self)
            {
                using var own = Protocol.Wire.Registry.Client.Serve(new RegistryServer(hub, hosts, account));
                return await NodeProviders.AskAsync(own, service, limit.Token).ConfigureAwait(false);
            }

            var remote = await hosts.ConnectAsync(peer).WaitAsync(limit.Token).ConfigureAwait(false);
            return await NodeProviders.AskAsync(remote.Session.Wire.Registry, service, limit.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested && failure is WetwareException or RpcException or OperationCanceledException)
        {
            return null;
        }
    }

    private void Ended() => Interlocked.Decrement(ref _registrations);
}
