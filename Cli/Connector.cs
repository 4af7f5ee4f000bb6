using Wetware.Client;
using Wetware.Host.Membership.Boot;
using Wetware.Protocol.Routing;

namespace Wetware.Cli;

/// <summary>Connects a command to a cluster, as often as it needs to.</summary>
internal sealed class Connector(IReadOnlyList<string> addresses, IReadOnlyList<string> discover, WetwareClientOptions options)
{
    private IReadOnlyList<string>? _found;
    private bool _hasReported;

    /// <summary>How long to wait for a node to answer.</summary>
    public TimeSpan Timeout => options.Timeout;

    /// <summary>Connects to the first node that answers. Who it is, is told once on standard error if the address did not say who it must be.</summary>
    public async Task<WetwareClient> ConnectAsync(CancellationToken cancellation)
    {
        if (discover.Count > 0)
        {
            _found ??= await BootFinder.FindAsync(discover, options.Namespace, options.Timeout, cancellation).ConfigureAwait(false);
        }

        var client = await WetwareClient.ConnectAsync(_found ?? addresses, options, cancellation).ConfigureAwait(false);
        if (!client.IsPinned && !_hasReported)
        {
            _hasReported = true;
            await Console.Error.WriteLineAsync($"ww: {client.Address} names no peer; {client.Session.Peer} answered").ConfigureAwait(false);
        }

        return client;
    }

    /// <summary>Connects to a peer that a query found.</summary>
    public Task<WetwareClient> ConnectAsync(ClusterRecord peer, CancellationToken cancellation) =>
        WetwareClient.ConnectAsync([.. peer.Addresses.Select(static address => address.ToString())], options, cancellation);
}
