using System.Net;
using System.Net.Sockets;
using Wetware.Rpc.Transport;

namespace Wetware.Rpc.Tests;

using Bench = Wetware.Bench.Rpc.Generated.Bench;

/// <summary>A peer that dies, at every place where it can.</summary>
public sealed class DisconnectTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task The_server_dies_at_every_byte_of_what_it_sends()
    {
        var recorded = await RecordAsync();
        for (var length = 0; length <= recorded.Length; length++)
        {
            using var listener = RpcListener.Listen(new IPEndPoint(IPAddress.Loopback, 0));
            var accepting = listener.AcceptAsync();
            await using var connection = RpcConnection.Start(await Transports.ConnectAsync(listener.EndPoint));
            using var socket = await accepting;
            using var bench = connection.Bootstrap<Bench.Client>();
            using var answer = bench.Ping(1);
            await socket.SendAsync(recorded.AsMemory(0, length));
            socket.Shutdown(SocketShutdown.Send);
            var reason = await connection.Closed.WaitAsync(s_patience);
            Assert.Equal(IsBetweenFrames(recorded, length) ? CloseKind.PeerClosed : CloseKind.EndInsideFrame, reason.Kind);
            if (length < recorded.Length)
            {
                var error = await Assert.ThrowsAsync<RpcException>(async () => await answer);
                Assert.Equal(RpcErrorType.Disconnected, error.Type);
            }
            else
            {
                Assert.Equal(1UL, (await answer).X);
            }

            using var late = bench.Ping(2);
            Assert.Equal(RpcErrorType.Disconnected, (await Assert.ThrowsAsync<RpcException>(async () => await late)).Type);
            Assert.True(connection.IsIdle);
        }
    }

    [Fact]
    public async Task A_reference_given_back_just_when_what_it_stands_for_arrives_does_no_harm()
    {
        await using var pair = Pair.InMemory(new BenchServer());
        for (var round = 0; round < 20_000 && !pair.Client.Closed.IsCompleted; round++)
        {
            var bench = pair.Client.Bootstrap<Bench.Client>();
            Thread.SpinWait(round % 400);
            bench.Dispose();
        }

        using var last = pair.Client.Bootstrap<Bench.Client>();
        using var answer = last.Ping(1);
        await Task.Run(async () => await answer).WaitAsync(s_patience);
    }

    [Fact]
    public async Task The_client_dies_at_every_byte_of_what_it_sends()
    {
        var recorded = await RecordRequestsAsync();
        for (var length = 0; length <= recorded.Length; length++)
        {
            var server = new WorkerServer();
            using (var bootstrap = Capability.Serve(server))
            {
                using var listener = RpcListener.Listen(new IPEndPoint(IPAddress.Loopback, 0));
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                var accepting = listener.AcceptAsync();
                await socket.ConnectAsync(listener.EndPoint);
                await using var connection = RpcConnection.Start(Transports.FromSocket(await accepting),
                    RpcOptions.Default with { Bootstrap = bootstrap });
                await socket.SendAsync(recorded.AsMemory(0, length));
                socket.Shutdown(SocketShutdown.Send);
                var reason = await connection.Closed.WaitAsync(s_patience);
                Assert.Equal(IsBetweenFrames(recorded, length) ? CloseKind.PeerClosed : CloseKind.EndInsideFrame, reason.Kind);
                Assert.True(connection.IsIdle);
            }

            Assert.True(server.IsDisposed);
        }
    }

    [Fact]
    public async Task A_handler_is_told_when_its_caller_dies()
    {
        var server = new WorkerServer();
        await using var pair = Pair.InMemory(server);
        using var worker = pair.Client.Bootstrap<Generated.Worker.Client>();
        var hang = worker.Hang();
        using (var total = worker.Total())
        {
            await total;
        }

        await pair.Client.DisposeAsync();
        await server.Canceled.Task.WaitAsync(s_patience);
        await Assert.ThrowsAsync<RpcException>(async () => await hang);
    }

    [Fact]
    public async Task The_first_reason_is_kept()
    {
        await using var pair = Pair.InMemory(new BenchServer());
        pair.Client.Dispose();
        pair.Client.Dispose();
        Assert.Equal(CloseKind.Local, (await pair.Client.Closed.WaitAsync(s_patience)).Kind);
        Assert.Equal(CloseKind.PeerClosed, (await pair.Server.Closed.WaitAsync(s_patience)).Kind);
    }

    // What a server sends in answer to the bootstrap and one ping.
    private static async Task<byte[]> RecordAsync()
    {
        using var listener = RpcListener.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        var accepting = listener.AcceptAsync();
        using var bootstrap = Capability.Serve(new BenchServer());
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.EndPoint);
        await using var connection = RpcConnection.Start(Transports.FromSocket(await accepting),
            RpcOptions.Default with { Bootstrap = bootstrap });
        await client.SendAsync(await RecordRequestsAsync());
        var received = new MemoryStream();
        var buffer = new byte[4096];
        while (Frames.Count(received.ToArray()) < 2)
        {
            received.Write(buffer, 0, await client.ReceiveAsync(buffer));
        }

        return received.ToArray();
    }

    // What a client sends for the bootstrap and one pipelined ping.
    private static async Task<byte[]> RecordRequestsAsync()
    {
        using var listener = RpcListener.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        var accepting = listener.AcceptAsync();
        await using var connection = RpcConnection.Start(await Transports.ConnectAsync(listener.EndPoint));
        using var socket = await accepting;
        using var bench = connection.Bootstrap<Bench.Client>();
        using var answer = bench.Ping(1);
        var received = new MemoryStream();
        var buffer = new byte[4096];
        while (Frames.Count(received.ToArray()) < 2)
        {
            received.Write(buffer, 0, await socket.ReceiveAsync(buffer));
        }

        return received.ToArray();
    }

    private static bool IsBetweenFrames(byte[] bytes, int length) => Frames.Ends(bytes).Prepend(0).Contains(length);
}
