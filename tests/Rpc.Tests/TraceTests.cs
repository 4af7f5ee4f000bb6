using System.Diagnostics;
using System.Net;
using Wetware.Rpc.Tests.Generated;

namespace Wetware.Rpc.Tests;

using Bench = Wetware.Bench.Rpc.Generated.Bench;

/// <summary>The spans of calls: a client's and a server's for each that crosses a connection, in one trace.</summary>
[Collection(nameof(Listening))]
public sealed class TraceTests
{
    [Fact]
    public async Task A_call_has_a_client_span_and_a_server_span_below_the_callers_activity()
    {
        using var spans = new SpanCollector();
        var server = new TracedServer();
        await using var pair = Pair.InMemory(server);
        using var bench = pair.Client.Bootstrap<Bench.Client>();
        using var caller = new Activity("caller").Start();
        caller.TraceStateString = "vendor=value";
        using (var answer = bench.Ping(1))
        {
            Assert.Same(caller, Activity.Current);
            await answer;
            Assert.Same(caller, Activity.Current);
        }

        var ended = await spans.TakeAsync(2);
        var client = SpanCollector.ChildOf(ended, caller.Context, ActivityKind.Client);
        var serving = SpanCollector.ChildOf(ended, client.Context, ActivityKind.Server);
        Assert.All(ended, static span =>
        {
            Assert.Equal("Bench/ping", span.DisplayName);
            Assert.Equal("capnp", span.GetTagItem("rpc.system.name"));
            Assert.Equal("Bench/ping", span.GetTagItem("rpc.method"));
            Assert.Null(span.GetTagItem("error.type"));
            Assert.Null(span.GetTagItem("network.peer.address"));
            Assert.Equal(ActivityStatusCode.Unset, span.Status);
            Assert.Equal("vendor=value", span.TraceStateString);
        });
        Assert.True(serving.HasRemoteParent);
        Assert.Same(serving, server.Began);
        Assert.True(client.StartTimeUtc <= serving.StartTimeUtc);
    }

    [Fact]
    public async Task A_handler_runs_in_its_span_before_and_after_it_waits_and_nothing_else_does()
    {
        using var spans = new SpanCollector();
        var server = new TracedServer();
        await using var pair = Pair.InMemory(server, new RpcOptions { RunContinuationsAsynchronously = true });
        using var bench = pair.Client.Bootstrap<Bench.Client>();
        await bench.Echo([1, 2, 3]).WhenDoneAsync();
        var ended = await spans.TakeAsync(2);
        var serving = Assert.Single(ended, static span => span.Kind == ActivityKind.Server);
        Assert.Same(serving, server.Began);
        Assert.Same(serving, server.WentOn);
        Assert.Null(Activity.Current);

        // On the same loop as the first, and without a caller: a trace of its own.
        await bench.Ping(1).WhenDoneAsync();
        ended = await spans.TakeAsync(2);
        var root = Assert.Single(ended, static span => span.Kind == ActivityKind.Client);
        Assert.Equal(default, root.ParentSpanId);
        Assert.NotEqual(serving.TraceId, root.TraceId);
    }

    [Theory]
    [InlineData(RpcErrorType.Failed, "failed")]
    [InlineData(RpcErrorType.Overloaded, "overloaded")]
    [InlineData(RpcErrorType.Disconnected, "disconnected")]
    [InlineData(RpcErrorType.Unimplemented, "unimplemented")]
    public async Task Both_spans_of_a_call_that_fails_say_how(RpcErrorType type, string word)
    {
        using var spans = new SpanCollector();
        await using var pair = Pair.InMemory(new WorkerServer());
        using var worker = pair.Client.Bootstrap<Worker.Client>();
        using (var answer = worker.Fail((ushort)type, "on purpose"))
        {
            await Assert.ThrowsAsync<RpcException>(async () => await answer);
        }

        Assert.All(await spans.TakeAsync(2), span =>
        {
            Assert.Equal("Worker/fail", span.DisplayName);
            Assert.Equal(word, span.GetTagItem("error.type"));
            Assert.Equal(word, span.GetTagItem("rpc.response.status_code"));
            Assert.Equal(ActivityStatusCode.Error, span.Status);
            Assert.Equal("on purpose", span.StatusDescription);
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_that_is_canceled_is_an_error_of_its_client_only(bool byToken)
    {
        using var spans = new SpanCollector();
        var server = new WorkerServer();
        await using var pair = Pair.InMemory(server);
        using var worker = pair.Client.Bootstrap<Worker.Client>();
        await worker.Capability.WhenSettledAsync();
        using var source = new CancellationTokenSource();
        using (var answer = worker.Hang(source.Token))
        {
            if (byToken)
            {
                await source.CancelAsync();
                await Assert.ThrowsAsync<RpcException>(async () => await answer);
            }
        }

        var ended = await spans.TakeAsync(2);
        var client = Assert.Single(ended, static span => span.Kind == ActivityKind.Client);
        Assert.Equal("canceled", client.GetTagItem("error.type"));
        Assert.Equal(ActivityStatusCode.Error, client.Status);
        var serving = Assert.Single(ended, static span => span.Kind == ActivityKind.Server);
        Assert.Null(serving.GetTagItem("error.type"));
        Assert.Equal(ActivityStatusCode.Unset, serving.Status);
    }

    [Fact]
    public async Task Pipelined_and_streaming_calls_have_spans_too()
    {
        using var spans = new SpanCollector();
        await using var pair = Pair.InMemory(new BenchServer());
        using var bench = pair.Client.Bootstrap<Bench.Client>();
        using var caller = new Activity("caller").Start();
        using (var next = bench.Next())
        using (var ping = next.Pipeline.Node.Ping(7))
        {
            Assert.Equal(7ul, (await ping).X);
        }

        await bench.WriteAsync(new byte[100]);
        await bench.Capability.WhenStreamIdleAsync();
        var ended = await spans.TakeAsync(6);
        foreach (var name in (string[])["Bench/next", "Bench/ping", "Bench/write"])
        {
            var client = SpanCollector.ChildOf(ended.Where(span => span.DisplayName == name), caller.Context, ActivityKind.Client);
            SpanCollector.ChildOf(ended.Where(span => span.DisplayName == name), client.Context, ActivityKind.Server);
        }
    }

    [Fact]
    public async Task A_local_call_has_no_span_and_runs_in_its_callers_activity_whoever_lets_it_run()
    {
        using var spans = new SpanCollector();
        var server = new TracedServer();
        using var promise = new CapabilityPromise();
        using var caller = new Activity("caller").Start();
        using var answer = Bench.Client.From(promise.Capability).Ping(1);
        Activity.Current = null;
        using (var other = new Activity("other").Start())
        using (var target = Capability.Serve(server))
        {
            promise.Resolve(target);
            Assert.Same(other, Activity.Current);
        }

        await answer;
        Assert.Same(caller, server.Began);
        Assert.Empty(await spans.TakeAsync(0));
    }

    [Fact]
    public async Task Spans_over_a_socket_say_where_the_peer_is()
    {
        using var spans = new SpanCollector();
        await using var pair = await Pair.SocketAsync(new BenchServer(), new IPEndPoint(IPAddress.Loopback, 0));
        using var bench = pair.Client.Bootstrap<Bench.Client>();
        await bench.Ping(1).WhenDoneAsync();
        var ended = await spans.TakeAsync(2);
        Assert.All(ended, static span => Assert.Equal("127.0.0.1", span.GetTagItem("network.peer.address")));
        var client = Assert.Single(ended, static span => span.Kind == ActivityKind.Client);
        Assert.Equal("127.0.0.1", client.GetTagItem("server.address"));
        Assert.Equal(client.GetTagItem("network.peer.port"), client.GetTagItem("server.port"));
        Assert.IsType<int>(client.GetTagItem("server.port"));
    }

    /// <summary>A peer chooses the ids that it calls: names made of them would be as many as it likes.</summary>
    [Fact]
    public async Task A_method_that_nobody_knows_has_no_name_of_its_own()
    {
        using var spans = new SpanCollector();
        await using var pair = Pair.InMemory(new BenchServer());
        using var bench = pair.Client.Bootstrap();
        using (var answer = bench.NewRequest(0x1234, 5).Send())
        {
            await Assert.ThrowsAsync<RpcException>(async () => await answer);
        }

        Assert.All(await spans.TakeAsync(2), static span =>
        {
            Assert.Equal("capnp", span.DisplayName);
            Assert.Equal("_OTHER", span.GetTagItem("rpc.method"));
            Assert.Equal("@0x0000000000001234/5", span.GetTagItem("rpc.method_original"));
            Assert.Equal("unimplemented", span.GetTagItem("error.type"));
        });
    }

    [Fact]
    public async Task A_call_that_is_not_sampled_carries_its_callers_context()
    {
        using var spans = new SpanCollector(ActivitySamplingResult.None);
        var server = new TracedServer();
        await using var pair = Pair.InMemory(server);
        using var bench = pair.Client.Bootstrap<Bench.Client>();
        using var caller = new Activity("caller").Start();
        await bench.Ping(1).WhenDoneAsync();
        Assert.Equal(caller.Id, server.Carried?.Parent);
        Assert.Null(server.Began);
        Assert.Empty(await spans.TakeAsync(0));
    }

    [Fact]
    public async Task Calls_that_are_cut_off_end_their_spans()
    {
        using var spans = new SpanCollector();
        var pair = Pair.InMemory(new WorkerServer());
        using var worker = pair.Client.Bootstrap<Worker.Client>();
        await worker.Capability.WhenSettledAsync();
        using var answer = worker.Hang();
        await pair.DisposeAsync();
        await Assert.ThrowsAsync<RpcException>(async () => await answer);
        var ended = await spans.TakeAsync(2);
        Assert.Equal("disconnected", Assert.Single(ended, static span => span.Kind == ActivityKind.Client).GetTagItem("error.type"));
    }
}
