using System.Net;
using System.Net.Sockets;

namespace Wetware.Rpc.Tests;

using Bench = Wetware.Bench.Rpc.Generated.Bench;

public sealed class FirstCallTests
{
    public static TheoryData<string> Transports => ["memory", "tcp", "unix"];

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_call_returns_what_the_server_computed(string transport)
    {
        await using var pair = await OpenAsync(transport);
        using var bench = pair.Client.Bootstrap<Bench.Client>();
        for (ulong i = 0; i < 1000; i++)
        {
            using var answer = bench.Ping(i);
            Assert.Equal(i, (await answer).X);
        }

        bench.Dispose();
        await Idle.Async(pair.Client, pair.Server);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Calls_go_through_results_that_are_not_there_yet(string transport)
    {
        await using var pair = await OpenAsync(transport);
        using (var bench = pair.Client.Bootstrap<Bench.Client>())
        {
            for (ulong i = 0; i < 100; i++)
            {
                using var one = bench.Next();
                using var two = one.Pipeline.Node.Next();
                using var three = two.Pipeline.Node.Next();
                using var pong = three.Pipeline.Node.Ping(i);
                Assert.Equal(i, (await pong).X);
            }
        }

        await Idle.Async(pair.Client, pair.Server);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_capability_among_results_can_be_kept(string transport)
    {
        await using var pair = await OpenAsync(transport);
        using (var bench = pair.Client.Bootstrap<Bench.Client>())
        {
            Bench.Client kept;
            using (var answer = bench.Next())
            {
                kept = (await answer).Node.AddRef();
            }

            using (kept)
            {
                using var pong = kept.Ping(7);
                Assert.Equal(7UL, (await pong).X);
            }
        }

        await Idle.Async(pair.Client, pair.Server);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_stream_delivers_everything_and_large_echoes_come_back_whole(string transport)
    {
        await using var pair = await OpenAsync(transport);
        using var bench = pair.Client.Bootstrap<Bench.Client>();
        var data = new byte[100_000];
        new Random(1).NextBytes(data);
        for (var i = 0; i < 300; i++)
        {
            await bench.WriteAsync(data.AsSpan(0, 1 + (i * 331 % data.Length)));
        }

        using var done = bench.Done();
        Assert.Equal(300UL, (await done).Calls);
        foreach (var size in new[] { 0, 1, 8_000, 16_384, 70_000, 100_000 })
        {
            using var echo = bench.Echo(data.AsSpan(0, size));
            Assert.True((await echo).Data.Span.SequenceEqual(data.AsSpan(0, size)));
        }
    }

    private static async Task<Pair> OpenAsync(string transport)
    {
        var server = new BenchServer();
        return transport switch
        {
            "memory" => Pair.InMemory(server),
            "tcp" => await Pair.SocketAsync(server, new IPEndPoint(IPAddress.Loopback, 0)),
            _ => await Pair.SocketAsync(server,
                new UnixDomainSocketEndPoint(Path.Combine(Path.GetTempPath(), $"ww-{Guid.NewGuid():N}.sock"))),
        };
    }
}
