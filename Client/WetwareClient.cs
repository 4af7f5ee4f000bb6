using Wetware.Client.Net;
using Wetware.Core;
using Wetware.Core.Multiformats;

namespace Wetware.Client;

/// <summary>A connection to a cluster through one of its nodes. Dispose it to close the connection, which ends the programs that were started over it.</summary>
public sealed class WetwareClient : IAsyncDisposable
{
    private readonly RemoteNode _remote;
    private readonly Dialer _dialer;

    private WetwareClient(RemoteNode remote, Dialer dialer)
    {
        _remote = remote;
        _dialer = dialer;
        Session = new WetwareSession(remote.Session);
    }

    /// <summary>What this client may do, and with whom.</summary>
    public WetwareSession Session { get; }

    /// <summary>The address that answered.</summary>
    public Multiaddr Address => _remote.Address;

    /// <summary>Whether the peer was named by the address: if not, anybody may have answered, and <see cref="WetwareSession.Peer"/> is who did.</summary>
    public bool IsPinned => !_remote.Address.Peer.IsNone;

    /// <summary>Completes when the connection has ended.</summary>
    public Task Closed => _remote.Closed;

    /// <summary>Connects to the first of some nodes that answers.</summary>
    /// <param name="addresses">Multiaddrs of nodes. One that ends in <c>/p2p/</c> and a peer id is that peer or nobody.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="WetwareException">None answered; the message says why of the last one.</exception>
    /// <exception cref="WetwareOptionsException">An address is malformed.</exception>
    /// <exception cref="StorageException">The identity file cannot be used.</exception>
    public static async Task<WetwareClient> ConnectAsync(IReadOnlyList<string> addresses, WetwareClientOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        ArgumentNullException.ThrowIfNull(options);
        var parsed = addresses.Select(Endpoints.ParseDial).ToArray();
        var key = options.LoadKey();
        var dialer = new Dialer(key, options.Namespace, Dialer.NewSecurity(key, options.Namespace, options.Insecure), options.Timeout) { ContinuesElsewhere = true };
        try
        {
            return new WetwareClient(await DialAnyAsync(dialer, parsed, cancellation).ConfigureAwait(false), dialer);
        }
        catch
        {
            Release(dialer);
            throw;
        }
    }

    /// <summary>Closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await _remote.DisposeAsync().ConfigureAwait(false);
        Release(_dialer);
    }

    private static async Task<RemoteNode> DialAnyAsync(Dialer dialer, IEnumerable<Multiaddr> addresses, CancellationToken cancellation)
    {
        WetwareException? last = null;
        foreach (var address in addresses)
        {
            try
            {
                return await dialer.DialAsync(address, PeerId.None, cancellation).ConfigureAwait(false);
            }
            catch (WetwareException failure)
            {
                last = failure;
            }
        }

        throw last ?? new WetwareException("no address to connect to");
    }

    private static void Release(Dialer dialer)
    {
        dialer.Security.Dispose();
        dialer.Key.Dispose();
    }
}
