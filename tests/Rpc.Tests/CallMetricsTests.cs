using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Wetware.Rpc.Tests.Generated;

namespace Wetware.Rpc.Tests;

using Bench = Wetware.Bench.Rpc.Generated.Bench;

/// <summary>The durations of calls, and what calls cost while nobody asks for those.</summary>
[Collection(nameof(Listening))]
public sealed class CallMetricsTests
{
    [Fact]
    public async Task A_call_is_measured_at_both_ends_in_seconds_by_method_and_error()
    {
        var measured = new ConcurrentQueue<(string Instrument, string? Unit, double Value, Dictionary<string, object?> Tags)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == RpcTelemetry.Name)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
            measured.Enqueue((instrument.Name, instrument.Unit, value,
                tags.ToArray().ToDictionary(static tag => tag.Key, static tag => tag.Value))));
        listener.Start();
        await using var pair = Pair.InMemory(new WorkerServer());
        using var worker = pair.Client.Bootstrap<Worker.Client>();
        await worker.Open().WhenDoneAsync();
        using (var failing = worker.Fail((ushort)RpcErrorType.Overloaded, "on purpose"))
        {
            await Assert.ThrowsAsync<RpcException>(async () => await failing);
        }

        var watch = Stopwatch.StartNew();
        while (measured.Count < 4)
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        foreach (var name in (string[])["rpc.client.call.duration", "rpc.server.call.duration"])
        {
            var open = Assert.Single(measured, one => one.Instrument == name && (string?)one.Tags["rpc.method"] == "Worker/open");
            Assert.Equal("s", open.Unit);
            Assert.InRange(open.Value, double.Epsilon, 10);
            Assert.Equal("capnp", open.Tags["rpc.system.name"]);
            Assert.DoesNotContain("error.type", open.Tags.Keys);
            var failed = Assert.Single(measured, one => one.Instrument == name && (string?)one.Tags["rpc.method"] == "Worker/fail");
            Assert.Equal("overloaded", failed.Tags["error.type"]);
        }
    }

    /// <summary>The gate of <c>bench rpc alloc</c>, in small; and that it would see a listener.</summary>
    [Fact]
    public async Task A_call_allocates_nothing_while_nobody_listens()
    {
        await using var pair = await Pair.SocketAsync(new BenchServer(), new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        using var bench = pair.Client.Bootstrap<Bench.Client>();
        await LeastOf(bench, rounds: 2);
        // Less than the smallest object: what a pool or a table still grew, spread over the calls.
        Assert.True(await LeastOf(bench, rounds: 5) < 8);
        using var spans = new SpanCollector();
        Assert.True(await LeastOf(bench, rounds: 1) > 100);
    }

    private static async Task<double> LeastOf(Bench.Client bench, int rounds)
    {
        const int Calls = 5_000;
        var least = double.MaxValue;
        for (var round = 0; round < rounds; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < Calls; i++)
            {
                using var answer = bench.Ping((ulong)i);
                _ = (await answer).X;
            }

            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Calls);
        }

        return least;
    }
}
