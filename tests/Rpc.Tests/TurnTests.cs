using System.Net;
using Wetware.Rpc.Tests.Generated;

namespace Wetware.Rpc.Tests;

/// <summary>While a streaming call runs at an object, later calls to the object wait; as the C++ implementation has it.</summary>
public sealed class TurnTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    public static TheoryData<string> Places => ["local", "memory", "tcp"];

    [Theory]
    [MemberData(nameof(Places))]
    public Task Later_calls_start_in_order_once_a_streaming_call_has_ended(string place) => RunAsync(place, async (worker, server, _) =>
    {
        await worker.SinkAsync(0, []);
        using var open = worker.Open();
        await worker.SinkAsync(1, []);
        using var total = worker.Total();
        await StartedAsync(server, 1);
        Assert.False(open.IsCompleted || total.IsCompleted, "a call overtook a streaming one");
        server.EndOne();
        await open;
        await StartedAsync(server, 3);
        Assert.False(total.IsCompleted, "a call overtook the second streaming one");
        server.EndOne();
        await total;
        Assert.Equal(["sink 0", "open", "sink 1", "total"], server.Started);
    });

    [Theory]
    [MemberData(nameof(Places))]
    public Task A_streaming_call_that_fails_lets_the_others_go(string place) => RunAsync(place, async (worker, server, _) =>
    {
        await worker.SinkAsync(0, []);
        using var total = worker.Total();
        await StartedAsync(server, 1);
        server.EndOne(new RpcException("on purpose"));
        await total;
        var error = await Assert.ThrowsAsync<RpcException>(async () => await worker.SinkAsync(1, []));
        Assert.Equal("on purpose", error.Reason);
    });

    [Theory]
    [MemberData(nameof(Places))]
    public Task A_streaming_call_that_is_handed_over_runs_until_its_successor_has_ended(string place) =>
        RunAsync(place, async (worker, server, _) =>
    {
        var successor = new SlowServer();
        server.Successor = Worker.Client.Serve(successor);
        await worker.SinkAsync(0, []);
        using var total = worker.Total();
        await StartedAsync(successor, 1);
        Assert.Equal(["sink 0"], server.Started);
        successor.EndOne();
        await total;
        server.Successor.Value.Dispose();
        Assert.True(successor.IsDisposed);
    });

    [Theory]
    [MemberData(nameof(Places))]
    public Task A_call_that_is_canceled_while_it_waits_never_starts(string place) =>
        RunAsync(place, async (worker, server, everythingArrivesAsync) =>
    {
        await worker.SinkAsync(0, []);
        await StartedAsync(server, 1);
        var disposed = worker.Open();
        using var source = new CancellationTokenSource();
        using var canceled = worker.Open(source.Token);
        using var total = worker.Total();
        disposed.Dispose();
        await source.CancelAsync();
        await Assert.ThrowsAsync<RpcException>(async () => await canceled).WaitAsync(s_patience);
        await everythingArrivesAsync();
        server.EndOne();
        await total;
        Assert.Equal(["sink 0", "total"], server.Started);
    });

    [Theory]
    [InlineData("memory")]
    [InlineData("tcp")]
    public async Task A_connection_that_ends_takes_along_what_waits(string place)
    {
        var server = new SlowServer();
        var pair = await OpenAsync(place, server);
        var worker = pair.Client.Bootstrap<Worker.Client>();
        await worker.SinkAsync(0, []);
        await StartedAsync(server, 1);
        using var open = worker.Open();
        using var total = worker.Total();
        await pair.DisposeAsync();
        Assert.Equal(RpcErrorType.Disconnected, (await Assert.ThrowsAsync<RpcException>(async () => await open)).Type);
        Assert.False(server.IsDisposed, "the object was disposed while a call was running");
        server.EndOne();
        Assert.True(server.IsDisposed);
        Assert.Equal(["sink 0"], server.Started);
    }

    [Fact]
    public async Task Only_the_calls_to_that_object_wait()
    {
        var server = new SlowServer();
        using var slow = Worker.Client.Serve(server);
        using var other = Worker.Client.Serve(new SlowServer());
        await slow.SinkAsync(0, []);
        using (var open = other.Open())
        {
            await open;
        }

        server.EndOne();
        using var total = slow.Total();
        Assert.True(total.IsCompleted, "a call waited for nothing");
    }

    // Whatever the threads do, each one's calls start in its order, and each starts once.
    [Fact]
    public async Task Calls_of_many_threads_keep_each_threads_order()
    {
        const int Threads = 4;
        const int Calls = 500;
        var server = new YieldingServer(Threads);
        using var client = Capability.Serve(server);
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(async () =>
        {
            var answers = new List<Answer>();
            for (var i = 0; i < Calls; i++)
            {
                var request = client.NewRequest((ulong)thread, (ushort)(i % 3 == 0 ? 1 : 0));
                request.Params.InitStruct(new(1, 0)).SetUInt32(0, (uint)i);
                answers.Add(request.Send());
            }

            foreach (var answer in answers)
            {
                using (answer)
                {
                    await answer;
                }
            }
        }))).WaitAsync(s_patience);
        Assert.All(server.Next, next => Assert.Equal((uint)Calls, next));
        client.Dispose();
        await server.Disposed.Task.WaitAsync(s_patience);
    }

    private static async Task RunAsync(string place, Func<Worker.Client, SlowServer, Func<Task>, Task> story)
    {
        var server = new SlowServer();
        if (place == "local")
        {
            using var local = Worker.Client.Serve(server);
            await story(local, server, () => Task.CompletedTask);
        }
        else
        {
            await using var pair = await OpenAsync(place, server);
            using (var worker = pair.Client.Bootstrap<Worker.Client>())
            {
                await story(worker, server, async () =>
                {
                    // A bootstrap waits for no object.
                    using var again = pair.Client.Bootstrap();
                    await again.WhenSettledAsync().WaitAsync(s_patience);
                });
            }

            await Idle.Async(pair.Client, pair.Server);
        }

        Assert.True(server.IsDisposed);
    }

    private static async Task<Pair> OpenAsync(string place, SlowServer server) =>
        place == "memory" ? Pair.InMemory(server) : await Pair.SocketAsync(server, new IPEndPoint(IPAddress.Loopback, 0));

    private static async Task StartedAsync(SlowServer server, int count)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        while (Count(server) < count)
        {
            Assert.True(watch.Elapsed < s_patience, "a call did not start");
            await Task.Yield();
        }
    }

    private static int Count(SlowServer server)
    {
        lock (server.Started)
        {
            return server.Started.Count;
        }
    }

    /// <summary>Method 1 holds later calls over an await; the interface's id tells the thread.</summary>
    private sealed class YieldingServer(int threads) : ICapabilityServer, IDisposable
    {
        public uint[] Next { get; } = new uint[threads];

        public TaskCompletionSource Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async ValueTask DispatchAsync(ulong interfaceId, ushort methodId, CallContext call)
        {
            var number = call.Parameters.GetStruct().GetUInt32(0);
            if (number != Next[interfaceId]++)
            {
                throw new RpcException("out of order");
            }

            if (methodId == 1)
            {
                call.HoldLaterCalls();
                await Task.Yield();
            }
        }

        public void Dispose() => Disposed.SetResult();
    }
}
