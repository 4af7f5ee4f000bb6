using System.Diagnostics;
using Wetware.Rpc.Transport;

namespace Wetware.Rpc.Tests;

using Bench = Wetware.Bench.Rpc.Generated.Bench;

/// <summary>
/// Vats in a row, on as many threads as there are: what one side says and what the other answers meet in the vats between. The
/// moments differ from run to run, so that no seed replays them; each test is as many encounters as a second or two holds.
/// </summary>
public sealed class RelayTests : IAsyncLifetime
{
    private const int Calls = 20_000;

    private readonly List<RpcConnection> _connections = [];
    private readonly Bench.Client _server = Bench.Client.Serve(new BenchServer());

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
        {
            await connection.DisposeAsync();
        }

        _server.Dispose();
    }

    /// <summary>
    /// The call that is pipelined reaches the middle at about the moment in which the answer that it is pipelined on comes back there from
    /// the far side, so that one thread looks for where it is to go while another settles that.
    /// </summary>
    [Fact]
    public async Task A_call_pipelined_through_a_relay_is_answered_whenever_it_comes()
    {
        using (var relayed = Connect(_server, RpcOptions.Default))
        using (var bench = Connect(relayed, RpcOptions.Default))
        {
            for (var i = 0ul; i < Calls; i++)
            {
                using var next = bench.Next();
                SpinMicroseconds((long)(i % 64));
                using var ping = next.Pipeline.Node.Ping(i);
                Assert.Equal(i, await AnswerAsync(ping));
            }
        }

        await EndAsync();
    }

    [Fact]
    public async Task Whatever_several_do_through_relays_at_once_is_answered_and_leaves_nothing_behind()
    {
        using (var near = Connect(_server, RpcOptions.Default))
        using (var relayed = Connect(near, RpcOptions.Default))
        {
            var clients = Enumerable.Range(0, 3).Select(i => Task.Run(() => CallAsync(relayed, i)));
            await Task.WhenAll(clients);
        }

        await EndAsync();
    }

    private async Task CallAsync(Bench.Client relayed, int client)
    {
        using var bench = Connect(relayed, RpcOptions.Default with { RunContinuationsAsynchronously = client == 0 });
        var random = new Random(client);
        for (var i = 0ul; i < Calls / 4; i++)
        {
            using var next = bench.Next();
            SpinMicroseconds(random.Next(64));
            switch (random.Next(5))
            {
                case 0:
                    using (var inner = next.Pipeline.Node.Next())
                    {
                        SpinMicroseconds(random.Next(64));
                        using var far = inner.Pipeline.Node.Ping(i);
                        Assert.Equal(i, await AnswerAsync(far));
                    }

                    break;
                case 1:
                    // What nobody waits for any more.
                    using (next.Pipeline.Node.Ping(i))
                    {
                        SpinMicroseconds(random.Next(64));
                    }

                    break;
                case 2:
                    var node = next.Pipeline.Node.AddRef();
                    next.Dispose();
                    using (var late = node.Ping(i))
                    {
                        node.Dispose();
                        Assert.Equal(i, await AnswerAsync(late));
                    }

                    break;
                case 3:
                    using (var early = next.Pipeline.Node.Ping(i))
                    {
                        using var known = (await next).Node.AddRef();
                        using var late = known.Ping(i + 1);
                        Assert.Equal(i + 1, await AnswerAsync(late));
                        Assert.True(early.IsCompleted, "calls to one object are answered in their order");
                    }

                    break;
                default:
                    using (var ping = next.Pipeline.Node.Ping(i))
                    {
                        Assert.Equal(i, await AnswerAsync(ping));
                    }

                    break;
            }
        }
    }

    // Told of what ended a connection, where one has: its calls know of the end only.
    private async Task<ulong> AnswerAsync(Answer<Bench.PingResults.Reader, NoPipeline> ping)
    {
        try
        {
            return await ping.ThenAsync(static results => results.X).WaitAsync(TimeSpan.FromSeconds(30), Limit);
        }
        catch (Exception failure) when (failure is RpcException or TimeoutException)
        {
            var ends = _connections
                .Where(static connection => connection.Closed.IsCompleted)
                .Select(static connection => connection.Closed.Result.ToString());
            throw new InvalidOperationException($"a call was not answered; connections that ended: {string.Join("\n", ends)}", failure);
        }
    }

    // The vats are let go from the nearest on: what a relay offers it holds as long as it lives.
    private async Task EndAsync()
    {
        for (var i = _connections.Count - 2; i >= 0; i -= 2)
        {
            await Idle.Async(_connections[i], _connections[i + 1]);
            await _connections[i].DisposeAsync();
            await _connections[i + 1].DisposeAsync();
        }
    }

    /// <summary>One more vat before the others, and what the next one offers to it.</summary>
    private Bench.Client Connect(Bench.Client offered, RpcOptions options)
    {
        var (near, far) = Transports.InMemory();
        var serving = RpcConnection.Start(far, RpcOptions.Default with { Bootstrap = offered.Capability });
        var calling = RpcConnection.Start(near, options);
        lock (_connections)
        {
            _connections.AddRange([calling, serving]);
        }

        return calling.Bootstrap<Bench.Client>();
    }

    private static void SpinMicroseconds(long count)
    {
        var until = Stopwatch.GetTimestamp() + (count * Stopwatch.Frequency / 1_000_000);
        while (Stopwatch.GetTimestamp() < until)
        {
            // The way to the far side and back takes about as long.
        }
    }
}
