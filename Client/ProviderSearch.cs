using Wetware.Core;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Client;

/// <summary>A search for those who provide a service; dispose of it to break it off.</summary>
public sealed class ProviderSearch : IDisposable
{
    // Beyond them the node waits before it passes on more.
    private const int ItemsMax = 32;

    private readonly Inflow<FoundProvider> _found = new(ItemsMax);
    private readonly Answer<Registry.FindProvidersResults.Reader, NoPipeline> _call;

    internal ProviderSearch(Registry.Client registry, string service)
    {
        using var sender = Sender.Client<Provider.Reader, Provider.Builder>.Serve(new Taker(_found));
        _call = registry.FindProviders(service, sender);
        _ = EndAsync();
    }

    /// <summary>How many nodes there are to ask; 0 until the search has ended.</summary>
    public int Nodes { get; private set; }

    /// <summary>How many of them did not answer: what they list was not found.</summary>
    public int SilentNodes { get; private set; }

    /// <summary>Who provides it, as nodes answer; ends when all have. To be read once.</summary>
    /// <exception cref="WetwareException">The node refused or was lost; thrown after what came before.</exception>
    public IAsyncEnumerable<FoundProvider> ReadAsync(CancellationToken cancellation = default) => _found.ReadAsync(cancellation);

    /// <summary>Breaks it off.</summary>
    public void Dispose() => _call.Dispose();

    private async Task EndAsync()
    {
        try
        {
            var results = await _call;
            Nodes = (int)results.Nodes;
            SilentNodes = (int)results.Silent;
        }
        catch (RpcException)
        {
            // The reader gets it.
        }

        await _found.CompleteAsync(_call.Untyped).ConfigureAwait(false);
    }

    private sealed class Taker(Inflow<FoundProvider> found) : Sender.IServer<Provider.Reader, Provider.Builder>
    {
        public ValueTask SendAsync(CallContext<Sender.SendParams.Reader<Provider.Reader, Provider.Builder>, Sender.SendResults.Builder<Provider.Reader, Provider.Builder>> call)
        {
            var wire = call.Params.Value;
            ServiceLocation location;
            try
            {
                location = ServiceLocation.Read(wire.Location);
            }
            catch (WetwareException)
            {
                // One provider who lies does not hide the others.
                return default;
            }

            var node = PeerId.TryFromBytes(wire.Node.Span, out var lists) ? lists : PeerId.None;
            var account = PeerId.TryFromBytes(wire.Account.Span, out var provides) ? provides : PeerId.None;
            return found.TakeAsync(call.Untyped, new FoundProvider(location, node, account));
        }
    }
}
