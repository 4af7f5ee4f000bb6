using System.Net.Sockets;
using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Host.Client;
using Wetware.Host.Protocol;
using Wetware.Host.Sessions;
using Wetware.Membership.Identity;
using Wetware.Rpc;
using Wetware.Rpc.Transport;

namespace Wetware.Host.Net;

/// <summary>A connection to a node, logged in: what its session grants. Owns the connection and the references.</summary>
internal sealed class RemoteNode : IAsyncDisposable
{
    private readonly RpcConnection _connection;

    private RemoteNode(RpcConnection connection, Multiaddr address, in Session.Reader session)
    {
        _connection = connection;
        Address = address;
        Peer = PeerId.TryFromBytes(session.Local.Peer.Utf8, out var peer) ? peer : PeerId.None;
        Server = new ServerId(session.Local.Server);
        HostName = session.Local.Host.ToString();
        Version = session.Local.Version.ToString();
        View = session.View.AddRef();
        Queue = session.Queue.AddRef();
        Crawler = session.Crawler.AddRef();
        Consensus = session.Consensus.AddRef();
        Gossip = session.Gossip.AddRef();
    }

    public Multiaddr Address { get; }

    public PeerId Peer { get; }

    public ServerId Server { get; }

    public string HostName { get; }

    public string Version { get; }

    public View.Client View { get; }

    public QueueService.Client Queue { get; }

    public CrawlService.Client Crawler { get; }

    public Protocol.Consensus.Client Consensus { get; }

    public Gossip.Client Gossip { get; }

    /// <summary>Completes when the connection has ended.</summary>
    public Task<CloseReason> Closed => _connection.Closed;

    /// <summary>Dials a node and logs in.</summary>
    /// <param name="address">If it names a peer, that peer must answer.</param>
    /// <param name="key">Whose session it is to be.</param>
    /// <param name="ns">The namespace that the node must be of; null for any.</param>
    /// <param name="timeout">For all of it.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="WetwareException">It cannot be reached, or it refused.</exception>
    public static async Task<RemoteNode> ConnectAsync(Multiaddr address, PeerKey key, string? ns, TimeSpan timeout, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        RpcConnection? connection = null;
        try
        {
            var endPoint = Endpoints.ToEndPoint(address) ?? throw new WetwareException($"cannot dial {address}");
            connection = RpcConnection.Start(await Transports.ConnectAsync(endPoint, limit.Token).ConfigureAwait(false));
            using var terminal = connection.Bootstrap<Terminal.Client>();
            using var signer = Signer.Client.Serve(new SignerServer(key, address.Peer, ns));
            using var answer = terminal.Login(signer, limit.Token);
            var remote = new RemoteNode(connection, address, (await answer).Session);
            connection = null;
            return remote;
        }
        catch (Exception failure) when (failure is OperationCanceledException or RpcException && limit.IsCancellationRequested)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new WetwareException($"{address} did not answer within {timeout.TotalSeconds:0.#} s", failure);
        }
        catch (Exception failure) when (failure is RpcException or SocketException)
        {
            throw new WetwareException($"cannot connect to {address}: {failure.Message}", failure);
        }
        finally
        {
            connection?.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        View.Dispose();
        Queue.Dispose();
        Crawler.Dispose();
        Consensus.Dispose();
        Gossip.Dispose();
        await _connection.DisposeAsync().ConfigureAwait(false);
    }
}
