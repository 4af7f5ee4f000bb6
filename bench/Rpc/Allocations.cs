using System.Net;
using Wetware.Rpc;

namespace Wetware.Bench.Rpc;

/// <summary>Counts the managed bytes that a call costs, client and server together, once everything is warm: the gate is zero.</summary>
internal static class Allocations
{
    private const int WarmUp = 20_000;
    private const int Calls = 100_000;

    // A thread's allocation context is counted in blocks, so a run of this many calls may show a few stray ones.
    private const double BytesPerCallMax = 1;

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
        await PingAsync(bench, WarmUp);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await PingAsync(bench, Calls);
        var perCall = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Calls;
        Console.WriteLine($"ping: {perCall:F2} managed bytes per call, both ends");
        return perCall <= BytesPerCallMax ? 0 : 1;
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
