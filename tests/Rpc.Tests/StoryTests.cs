using System.Net;
using Wetware.Rpc.Tests.Generated;

namespace Wetware.Rpc.Tests;

public sealed class StoryTests
{
    public static TheoryData<string> Places => ["local", "memory", "tcp", "tls"];

    [Theory]
    [MemberData(nameof(Places))]
    public Task Callbacks(string place) => RunAsync(place, Stories.CallbacksAsync);

    [Theory]
    [MemberData(nameof(Places))]
    public Task Calls_keep_their_order_when_a_promise_turns_out_to_be_here(string place) => RunAsync(place, Stories.EmbargoAsync);

    [Theory]
    [MemberData(nameof(Places))]
    public Task Errors_keep_their_type_and_reason(string place) => RunAsync(place, Stories.ErrorsAsync);

    [Theory]
    [MemberData(nameof(Places))]
    public Task Pipelines_are_as_deep_as_one_likes(string place) => RunAsync(place, Stories.DeepPipelineAsync);

    [Theory]
    [MemberData(nameof(Places))]
    public Task Tail_calls(string place) => RunAsync(place, Stories.TailCallAsync);

    [Theory]
    [MemberData(nameof(Places))]
    public Task Streams_keep_their_order(string place) => RunAsync(place, Stories.StreamAsync);

    [Theory]
    [InlineData("memory")]
    [InlineData("tcp")]
    [InlineData("tls")]
    public Task A_canceled_call_tells_its_handler(string place) => RunAsync(place, async (worker, server) =>
    {
        var hang = worker.Hang();
        using (var other = worker.Total())
        {
            await other;
        }

        hang.Dispose();
        await server.Canceled.Task.WaitAsync(TimeSpan.FromSeconds(10));
    });

    [Theory]
    [InlineData("memory")]
    [InlineData("tcp")]
    [InlineData("tls")]
    public Task A_token_cancels_a_call(string place) => RunAsync(place, async (worker, server) =>
    {
        using var source = new CancellationTokenSource();
        using var hang = worker.Hang(source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAsync<RpcException>(async () => await hang);
        await server.Canceled.Task.WaitAsync(TimeSpan.FromSeconds(10));
    });

    [Theory]
    [MemberData(nameof(Places))]
    public Task A_promise_that_resolves_to_the_callers_own_object(string place) => RunAsync(place, async worker =>
    {
        using var counter = Counter.Client.Serve(new CounterServer());
        using var answer = worker.Promise();
        using var promised = (await answer).Cap.AddRef();
        using var first = promised.Next(0);
        using (var fulfill = worker.Fulfill(counter))
        {
            await fulfill;
        }

        using var second = promised.Next(1);
        Assert.Equal(0u, (await first).N);
        Assert.Equal(1u, (await second).N);
        await promised.Capability.WhenSettledAsync().WaitAsync(TimeSpan.FromSeconds(10));
        using var third = promised.Next(2);
        Assert.Equal(2u, (await third).N);
    }, staysIdle: false);

    [Theory]
    [MemberData(nameof(Places))]
    public Task A_promise_that_breaks(string place) => RunAsync(place, async worker =>
    {
        using var answer = worker.Promise();
        using var promised = (await answer).Cap.AddRef();
        using var early = promised.Next(0);
        using (var fulfill = worker.FulfillRequest().Send())
        {
            await fulfill;
        }

        await Assert.ThrowsAsync<RpcException>(async () => await early);
        using var late = promised.Next(0);
        var error = await Assert.ThrowsAsync<RpcException>(async () => await late);
        Assert.Contains("on purpose", error.Reason, StringComparison.Ordinal);
    });

    [Theory]
    [MemberData(nameof(Places))]
    public Task A_stream_is_idle_once_its_last_call_has_been_answered(string place) => RunAsync(place, async (worker, server) =>
    {
        var last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.SinkUntil = last.Task;
        await worker.SinkAsync(0, []);
        var idle = worker.Capability.WhenStreamIdleAsync();
        Assert.False(idle.IsCompleted);
        last.SetResult();
        await idle.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.True(worker.Capability.WhenStreamIdleAsync().IsCompletedSuccessfully);

        var error = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await worker.SinkAsync(99, []);
            await worker.Capability.WhenStreamIdleAsync();
        });
        Assert.Contains("out of order", error.Reason, StringComparison.Ordinal);
    });

    private static Task RunAsync(string place, Func<Worker.Client, Task> story, bool staysIdle = true) =>
        RunAsync(place, (worker, _) => story(worker), staysIdle);

    // After every story but those whose server keeps what it was given, both sides hold nothing; and the server object has been disposed
    // exactly once.
    private static async Task RunAsync(string place, Func<Worker.Client, WorkerServer, Task> story, bool staysIdle = true)
    {
        var server = new WorkerServer();
        if (place == "local")
        {
            using var local = Worker.Client.Serve(server);
            await story(local, server);
            local.Dispose();
            Assert.True(server.IsDisposed);
            return;
        }

        await using (var pair = await OpenAsync(place, server))
        {
            using (var worker = pair.Client.Bootstrap<Worker.Client>())
            {
                await story(worker, server);
            }

            if (staysIdle)
            {
                await Idle.Async(pair.Client, pair.Server);
            }
        }

        Assert.True(server.IsDisposed);
    }

    private static async Task<Pair> OpenAsync(string place, WorkerServer server) => place switch
    {
        "memory" => Pair.InMemory(server),
        "tls" => await Pair.TlsAsync(server),
        _ => await Pair.SocketAsync(server, new IPEndPoint(IPAddress.Loopback, 0)),
    };
}
