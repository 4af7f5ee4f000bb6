using Wetware.Host.Net;
using Wetware.Membership.Identity;

namespace Wetware.Host.Client;

/// <summary>A connection to a cluster through one of its nodes. Dispose it to close the connection.</summary>
public sealed class WetwareClient : IAsyncDisposable
{
    private readonly RemoteNode _remote;
    private readonly PeerKey _key;

    private WetwareClient(RemoteNode remote, PeerKey key)
    {
        _remote = remote;
        _key = key;
        Session = new WetwareSession(remote.Peer, remote.Server, remote.View, remote.Queue, remote.Crawler, remote.Consensus);
    }

    /// <summary>What this client may do.</summary>
    public WetwareSession Session { get; }

    /// <summary>Completes when the connection has ended.</summary>
    public Task Closed => _remote.Closed;

    /// <summary>Connects to the first of some nodes that answers, as a client that nobody knows: with a key made for this connection.</summary>
    /// <param name="addresses">Multiaddrs of nodes.</param>
    /// <param name="timeout">For all of it.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="WetwareException">None answered; the message says why of the last one.</exception>
    /// <exception cref="WetwareOptionsException">An address is malformed.</exception>
    public static async Task<WetwareClient> ConnectAsync(IReadOnlyList<string> addresses, TimeSpan timeout, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        var parsed = addresses.Select(Endpoints.ParseDial).ToArray();
        var key = PeerKey.Create();
        WetwareException? last = null;
        foreach (var address in parsed)
        {
            try
            {
                return new WetwareClient(await RemoteNode.ConnectAsync(address, key, ns: null, timeout, cancellation).ConfigureAwait(false), key);
            }
            catch (WetwareException failure)
            {
                last = failure;
            }
        }

        key.Dispose();
        throw last ?? new WetwareException("no address to connect to");
    }

    /// <summary>Closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await _remote.DisposeAsync().ConfigureAwait(false);
        _key.Dispose();
    }
}
