using System.Diagnostics;
using System.Globalization;
using System.Net;
using Wetware.Rpc.Tests.Generated;
using Wetware.Rpc.Transport;

namespace Wetware.Rpc.Tests;

using Bench = Wetware.Bench.Rpc.Generated.Bench;

/// <summary>
/// The C++ implementation and this one, both ways, over the same stories: callbacks, embargo, errors, deep pipelines, tail calls,
/// cancellation, streams, promises.
/// </summary>
[Collection(nameof(Listening))]
public sealed class CppTests
{
    [Fact]
    public async Task Our_client_against_a_cpp_server()
    {
        var program = await CppPeer.BuildAsync();
        using var process = Programs.Start(program, ["server", "127.0.0.1:0", "worker"]);
        try
        {
            await using var connection = await ConnectAsync(process.StandardOutput);
            using var worker = connection.Bootstrap<Worker.Client>();
            await Stories.AllAsync(worker);
            worker.Hang().Dispose();
            using var total = worker.Total();
            Assert.Equal(500u, (await total).Calls);
            worker.Dispose();
            await Idle.Async(connection);
        }
        finally
        {
            process.Kill();
        }
    }

    /// <summary>
    /// C++ gets calls that carry a context, in stories that use every part of the protocol, and does not mind; what it calls here begins
    /// traces of its own.
    /// </summary>
    [Fact]
    public async Task Our_traced_client_against_a_cpp_server()
    {
        var program = await CppPeer.BuildAsync();
        using var process = Programs.Start(program, ["server", "127.0.0.1:0", "worker"]);
        try
        {
            using var spans = new SpanCollector();
            await using var connection = await ConnectAsync(process.StandardOutput);
            using var worker = connection.Bootstrap<Worker.Client>();
            await Stories.AllAsync(worker);
            using var total = worker.Total();
            Assert.Equal(500u, (await total).Calls);
            Assert.Contains(spans.All,
                static span => span is { Kind: ActivityKind.Client, DisplayName: "Worker/callBack" });
            Assert.Contains(
                spans.All,
                static span => span is { Kind: ActivityKind.Server, DisplayName: "Counter/next", HasRemoteParent: false });
        }
        finally
        {
            process.Kill();
        }
    }

    [Fact]
    public async Task A_cpp_client_against_our_traced_server()
    {
        using var spans = new SpanCollector();
        await A_cpp_client_against_our_server();
        Assert.Contains(spans.All, static span => span is { Kind: ActivityKind.Server, DisplayName: "Worker/callBack" });
        Assert.Contains(spans.All, static span => span is { Kind: ActivityKind.Client, DisplayName: "Counter/next" });
    }

    [Fact]
    public async Task A_cpp_client_against_our_server()
    {
        var program = await CppPeer.BuildAsync();
        using var listener = RpcListener.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        var server = new WorkerServer();
        using var bootstrap = Capability.Serve(server);
        var accepting = listener.AcceptAsync();
        var checking = Programs.RunAsync(program, ["check", listener.EndPoint.ToString()!]);
        await using var connection = RpcConnection.Start(Transports.FromSocket(await accepting),
            RpcOptions.Default with { Bootstrap = bootstrap });
        Assert.Equal("all held", (await checking).Trim());
        var reason = await connection.Closed.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(CloseKind.PeerClosed, reason.Kind);
    }

    [Theory]
    [InlineData("ping 500")]
    [InlineData("conc 64 2000")]
    [InlineData("chain 300")]
    [InlineData("chainwait 300")]
    [InlineData("stream 65536 4000000")]
    [InlineData("put 1024 1000000 32")]
    public async Task A_cpp_load_against_our_server(string load)
    {
        var program = await CppPeer.BuildAsync();
        using var listener = RpcListener.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        using var bootstrap = Capability.Serve(new BenchServer());
        var accepting = listener.AcceptAsync();
        var running = Programs.RunAsync(program, ["client", listener.EndPoint.ToString()!, .. load.Split(' ')]);
        await using var connection = RpcConnection.Start(Transports.FromSocket(await accepting),
            RpcOptions.Default with { Bootstrap = bootstrap });
        Assert.Contains("=", await running, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Our_pipelines_and_streams_against_a_cpp_server()
    {
        var program = await CppPeer.BuildAsync();
        using var process = Programs.Start(program, ["server", "127.0.0.1:0", "bench"]);
        try
        {
            await using var connection = await ConnectAsync(process.StandardOutput);
            using var bench = connection.Bootstrap<Bench.Client>();
            for (ulong i = 0; i < 300; i++)
            {
                using var one = bench.Next();
                using var two = one.Pipeline.Node.Next();
                using var pong = two.Pipeline.Node.Ping(i);
                Assert.Equal(i, (await pong).X);
            }

            var data = new byte[65536];
            for (var i = 0; i < 200; i++)
            {
                await bench.WriteAsync(data);
            }

            using var done = bench.Done();
            Assert.Equal(200UL, (await done).Calls);
        }
        finally
        {
            process.Kill();
        }
    }

    private static async Task<RpcConnection> ConnectAsync(TextReader output)
    {
        var ready = (await output.ReadLineAsync())!;
        var port = int.Parse(ready.Split(' ')[1], CultureInfo.InvariantCulture);
        return RpcConnection.Start(await Transports.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port)));
    }
}
