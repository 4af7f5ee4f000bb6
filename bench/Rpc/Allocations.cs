using System.Net;
using Wetware.Rpc;

namespace Wetware.Bench.Rpc;

/// <summary>Counts the managed bytes that a call costs, client and server together, once everything is warm: the gate is zero.</summary>
internal static class Allocations
{
    private const int WarmUp = 20_000;
    private const int Calls = 100_000;

    // A window or a pool that grows once more does so in one of these; what a call allocates, it allocates in all of them.
    private const int Rounds = 4;

    // The smallest object is 24 bytes, so less than that per call is no allocation per call: it is a window or a pool that
    // still grew, spread over the calls.
    private const double BytesPerCallMax = 8;

    public static async Task<int> RunAsync()
    {
        using var listener = RpcListener.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        using var server = Capability.Serve(new BenchServer());
        var accepting = listener.AcceptAsync();
        await using var client = RpcConnection.Start(await Wetware.Rpc.Transport.Transports.ConnectAsync(listener.EndPoint));
        await using var serving = RpcConnection.Start(
            Wetware.Rpc.Transport.Transports.FromSocket(await accepting),
            RpcOptions.Default with { Bootstrap = server });
        using var bench = client.Bootstrap<Generated.Bench.Client>();
        var pings = await MeasureAsync("ping", count => PingAsync(bench, count));
        var pieces = await MeasureAsync("stream", count => StreamAsync(bench, count));
        return pings <= BytesPerCallMax && pieces <= BytesPerCallMax ? 0 : 1;
    }

    private static async Task<double> MeasureAsync(string what, Func<int, Task> run)
    {
        await run(WarmUp);
        var least = double.MaxValue;
        for (var round = 0; round < Rounds && least > BytesPerCallMax; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await run(Calls);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Calls);
        }

        Console.WriteLine($"{what}: {least:F2} managed bytes per call, both ends, in the least of up to {Rounds} rounds");
        return least;
    }

    private static async Task StreamAsync(Generated.Bench.Client bench, int count)
    {
        var data = new byte[1024];
        for (var i = 0; i < count; i++)
        {
            await bench.WriteAsync(data);
        }

        await bench.Capability.WhenStreamIdleAsync();
    }

    private static async Task PingAsync(Generated.Bench.Client bench, int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var answer = bench.Ping((ulong)i);
            _ = (await answer).X;
        }
    }
}
