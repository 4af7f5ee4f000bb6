using BenchmarkDotNet.Attributes;
using Wetware.Bench.Rpc;
using Wetware.Core;
using Wetware.Rpc;
using Wetware.Rpc.Transport;
using Generated = Wetware.Bench.Rpc.Generated;

namespace Wetware.Bench.Suites;

/// <summary>One call and its return, both ends in this process, over memory.</summary>
public class RpcPing : IDisposable
{
    private const int Pings = 10_000;

    private RpcConnection? _server;
    private RpcConnection? _client;
    private Generated.Bench.Client _bench;
    private ulong _x;

    /// <summary>Connects.</summary>
    [GlobalSetup]
    public void Connect()
    {
        var (one, other) = Transports.InMemory();
        using var served = Capability.Serve(new BenchServer());
        _server = RpcConnection.Start(one, RpcOptions.Default with { Bootstrap = served });
        _client = RpcConnection.Start(other);
        _bench = _client.Bootstrap<Generated.Bench.Client>();
    }

    /// <summary>Pings one after the other, each giving back what it got. Waiting for the last costs the benchmark some bytes, the calls none.</summary>
    [Benchmark(OperationsPerInvoke = Pings)]
    [ZeroAllocation]
    public void Ping() => PingAsync().GetAwaiter().GetResult();

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        _bench.Dispose();
        _client?.Dispose();
        _server?.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task PingAsync()
    {
        for (var i = 0; i < Pings; i++)
        {
            var x = ++_x;
            using var answer = _bench.Ping(x);
            Invariant.Check((await answer).X == x);
        }
    }
}
