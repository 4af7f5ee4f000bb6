using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Wetware.Rpc.Transport;

namespace Wetware.Rpc.Tests;

using Bench = Wetware.Bench.Rpc.Generated.Bench;

/// <summary>Who gets in over TLS, and how its connections end; what is said over it is in <see cref="StoryTests"/>.</summary>
public sealed class TlsTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_server_that_is_not_the_expected_one_is_refused()
    {
        using var listener = RpcListener.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        var accepting = AcceptAsync(listener);
        await Assert.ThrowsAsync<AuthenticationException>(() => Transports.ConnectTlsAsync(listener.EndPoint,
            Certificates.ClientOfAnother())).WaitAsync(s_patience);
        // With TLS 1.3 the server may think itself connected until it reads.
        await using var connection = await RpcConnectionOfAsync(accepting);
        if (connection is not null)
        {
            await connection.Closed.WaitAsync(s_patience);
        }
    }

    [Fact]
    public async Task A_client_that_is_not_the_expected_one_gets_no_capability()
    {
        using var listener = RpcListener.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        var accepting = AcceptAsync(listener);
        var connecting = Transports.ConnectTlsAsync(listener.EndPoint, Certificates.Client(impostor: true));
        await Assert.ThrowsAsync<AuthenticationException>(() => accepting).WaitAsync(s_patience);
        // With TLS 1.3 the client may think itself connected until it reads.
        await using var connection = RpcConnection.Start(await connecting);
        using var bench = connection.Bootstrap<Bench.Client>();
        using var answer = bench.Ping(1);
        var error = await Assert.ThrowsAsync<RpcException>(async () => await answer).WaitAsync(s_patience);
        Assert.Equal(RpcErrorType.Disconnected, error.Type);
    }

    [Fact]
    public async Task A_peer_that_does_not_speak_TLS_is_refused()
    {
        using var listener = RpcListener.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        var accepting = AcceptAsync(listener);
        await using var connection = RpcConnection.Start(await Transports.ConnectAsync(listener.EndPoint));
        using var bootstrap = connection.Bootstrap();
        await Assert.ThrowsAsync<AuthenticationException>(() => accepting).WaitAsync(s_patience);
        await connection.Closed.WaitAsync(s_patience);
    }

    [Fact]
    public async Task The_system_asks_silent_peers_for_a_sign_of_life()
    {
        using var listener = RpcListener.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        using var dialled = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await dialled.ConnectAsync(listener.EndPoint);
        using var accepted = await listener.AcceptAsync();
        Assert.Equal(0, accepted.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive));
        var handshake = Assert.ThrowsAnyAsync<Exception>(() => Transports.AcceptTlsAsync(accepted, Certificates.Server()));
        Check(accepted);
        _ = Transports.FromSocket(dialled);
        Check(dialled);
        dialled.Dispose();
        await handshake.WaitAsync(s_patience);

        static void Check(Socket socket)
        {
            Assert.NotEqual(0, socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive));
            Assert.Equal(Liveness.IdleSeconds, socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime));
            Assert.Equal(Liveness.IntervalSeconds, socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval));
            Assert.Equal(Liveness.QuestionsMax, socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount));
        }
    }

    [Fact]
    public async Task A_handshake_that_never_ends_is_given_up()
    {
        using var listener = RpcListener.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        using var silent = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await silent.ConnectAsync(listener.EndPoint);
        using var patience = new CancellationTokenSource();
        var accepting = Transports.AcceptTlsAsync(await listener.AcceptAsync(), Certificates.Server(), cancellationToken: patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepting).WaitAsync(s_patience);
        Assert.Equal(0, await silent.ReceiveAsync(new byte[1]).WaitAsync(s_patience));
    }

    [Fact]
    public async Task A_connection_that_ends_is_told_apart_from_one_that_breaks()
    {
        await using var pair = await Pair.TlsAsync(new BenchServer());
        await pair.Client.DisposeAsync();
        Assert.Equal(CloseKind.PeerClosed, (await pair.Server.Closed.WaitAsync(s_patience)).Kind);
        Assert.Equal(CloseKind.Local, (await pair.Client.Closed.WaitAsync(s_patience)).Kind);
    }

    [Fact]
    public async Task Large_echoes_come_back_whole()
    {
        await using var pair = await Pair.TlsAsync(new BenchServer());
        using var bench = pair.Client.Bootstrap<Bench.Client>();
        var data = new byte[1_000_000];
        new Random(1).NextBytes(data);
        using var echo = bench.Echo(data);
        Assert.True((await echo).Data.Span.SequenceEqual(data));
    }

    private static async Task<RpcConnection?> RpcConnectionOfAsync(Task<FrameTransport> accepting)
    {
        try
        {
            return RpcConnection.Start(await accepting.WaitAsync(s_patience));
        }
        catch (Exception refused) when (refused is AuthenticationException or IOException)
        {
            return null;
        }
    }

    private static async Task<FrameTransport> AcceptAsync(RpcListener listener) =>
        await Transports.AcceptTlsAsync(await listener.AcceptAsync(), Certificates.Server());
}
