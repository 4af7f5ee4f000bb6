using System.Net.Sockets;
using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Client.Net;

/// <summary>A connection to a node, logged in: what its session grants. Owns the connection and the references.</summary>
internal sealed class RemoteNode : IAsyncDisposable
{
    private readonly RpcConnection _connection;
    private readonly Dialer _dialer;
    private readonly SecuredChannel _channel;

    private RemoteNode(RpcConnection connection, Dialer dialer, SecuredChannel channel, Multiaddr address, HeldSession session)
    {
        _connection = connection;
        _dialer = dialer;
        _channel = channel;
        Address = address;
        Session = session;
        var wire = session.Wire;
        Peer = PeerId.TryFromBytes(wire.Local.Peer.Utf8, out var peer) ? peer : PeerId.None;
        Consensus = wire.Consensus;
        Gossip = wire.Gossip;
    }

    /// <summary>The address that was dialled.</summary>
    public Multiaddr Address { get; }

    /// <summary>Who answered.</summary>
    public PeerId Peer { get; }

    /// <summary>What it grants.</summary>
    public HeldSession Session { get; }

    /// <summary>What its Raft groups take from members; borrowed from <see cref="Session"/>.</summary>
    public Consensus.Client Consensus { get; }

    /// <summary>What its gossip takes from members; borrowed from <see cref="Session"/>.</summary>
    public Gossip.Client Gossip { get; }

    /// <summary>Completes when the connection has ended.</summary>
    public Task<CloseReason> Closed => _connection.Closed;

    /// <summary>Dials a node and logs in.</summary>
    /// <param name="dialer">As whom, and how.</param>
    /// <param name="address">Where.</param>
    /// <param name="expected">Who must answer; <see cref="PeerId.None"/> if anybody may.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="WetwareException">It cannot be reached, or it refused.</exception>
    public static async Task<RemoteNode> ConnectAsync(Dialer dialer, Multiaddr address, PeerId expected, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(dialer.Timeout);
        try
        {
            var endPoint = Endpoints.ToEndPoint(address) ?? throw new WetwareException($"cannot dial {address}");
            var channel = await dialer.Security.ConnectAsync(endPoint, expected, limit.Token).ConfigureAwait(false);
            return await LogInAsync(dialer, address, channel with { Peer = channel.Peer.IsNone ? expected : channel.Peer }, limit.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is OperationCanceledException or RpcException && limit.IsCancellationRequested)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new UnansweredException($"{address} did not answer within {dialer.Timeout.TotalSeconds:0.#} s", failure);
        }
        catch (RpcException failure) when (failure.Type == RpcErrorType.Disconnected && dialer.Security is PlainSecurity)
        {
            throw new WetwareException($"cannot connect to {address}: {failure.Message} (if it speaks TLS, leave out --insecure)", failure);
        }
        catch (Exception failure) when (failure is RpcException or SocketException or ChannelException)
        {
            throw new WetwareException($"cannot connect to {address}: {failure.Message}", failure);
        }
    }

    /// <summary>Logs in once more over the same connection: a session with an executor and a budget of its own.</summary>
    /// <exception cref="RpcException">The node refused or was lost.</exception>
    public Task<HeldSession> NewSessionAsync(CancellationToken cancellation) =>
        AskAsync(_connection, _dialer, _channel, cancellation);

    private static async Task<HeldSession> AskAsync(RpcConnection connection, Dialer dialer, SecuredChannel channel, CancellationToken cancellation)
    {
        using var terminal = connection.Bootstrap<Terminal.Client>();
        using var signer = Signer.Client.Serve(new SignerServer(dialer.Key, channel.Peer, dialer.Namespace, channel.Binding));
        using var answer = terminal.Login(signer, cancellation);
        return HeldSession.From((await answer).Session);
    }

    private static async Task<RemoteNode> LogInAsync(Dialer dialer, Multiaddr address, SecuredChannel channel, CancellationToken cancellation)
    {
        RpcConnection? connection = RpcConnection.Start(channel.Transport, RpcOptions.Default with { RunContinuationsAsynchronously = dialer.ContinuesElsewhere });
        try
        {
            var session = await AskAsync(connection, dialer, channel, cancellation).ConfigureAwait(false);
            var remote = new RemoteNode(connection, dialer, channel, address, session);
            if (!channel.Peer.IsNone && remote.Peer != channel.Peer)
            {
                var claimed = remote.Peer;
                await remote.DisposeAsync().ConfigureAwait(false);
                throw new WetwareException($"cannot connect to {address}: it is peer {channel.Peer}, but says that it is {claimed}");
            }

            connection = null;
            return remote;
        }
        finally
        {
            connection?.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Session.Dispose();
        await _connection.DisposeAsync().ConfigureAwait(false);
    }
}
