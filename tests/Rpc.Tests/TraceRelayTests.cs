using System.Diagnostics;
using Wetware.Rpc.Tests.Generated;
using Wetware.Rpc.Transport;

namespace Wetware.Rpc.Tests;

using Bench = Wetware.Bench.Rpc.Generated.Bench;

/// <summary>Traces across vats in a row: A calls B, which passes the call on to C, in each way that there is.</summary>
[Collection(nameof(Listening))]
public sealed class TraceRelayTests
{
    private const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    /// <summary>How B passes calls on.</summary>
    public enum Way
    {
        Forward,
        Revocable,
        Membrane,
        Reconnecting,
    }

    [Theory]
    [InlineData(Way.Forward)]
    [InlineData(Way.Revocable)]
    [InlineData(Way.Membrane)]
    [InlineData(Way.Reconnecting)]
    public async Task A_relayed_call_is_one_trace_of_four_spans(Way way)
    {
        using var spans = new SpanCollector();
        var server = new TracedServer();
        await using var far = Pair.InMemory(server);
        using var offered = Offer(far.Client.Bootstrap(), way);
        await using var near = Connected(offered);
        using var bench = near.Bootstrap<Bench.Client>();
        using var caller = new Activity("caller").Start();
        await bench.Ping(1).WhenDoneAsync();
        var ended = await spans.TakeAsync(4);
        var one = SpanCollector.ChildOf(ended, caller.Context, ActivityKind.Client);
        var two = SpanCollector.ChildOf(ended, one.Context, ActivityKind.Server);
        var three = SpanCollector.ChildOf(ended, two.Context, ActivityKind.Client);
        var four = SpanCollector.ChildOf(ended, three.Context, ActivityKind.Server);
        Assert.Same(four, server.Began);
        Assert.All(ended, static span => Assert.Equal("Bench/ping", span.DisplayName));
        Assert.All(ended, static span => Assert.Equal(ActivityStatusCode.Unset, span.Status));
    }

    [Theory]
    [InlineData(Way.Forward)]
    [InlineData(Way.Revocable)]
    [InlineData(Way.Membrane)]
    [InlineData(Way.Reconnecting)]
    public async Task A_relay_that_nobody_listens_to_passes_the_context_on_unchanged(Way way)
    {
        var server = new TracedServer();
        await using var far = Pair.InMemory(server);
        using var offered = Offer(far.Client.Bootstrap(), way);
        await using var peer = await ScriptedPeer.StartAsync(null, RpcOptions.Default with { Bootstrap = offered.Capability });
        await peer.SendAsync(static message => message.InitBootstrap().QuestionId = 0);
        await peer.SendAsync(static message =>
        {
            Fills.FillCall(message, 1, 0, Bench.TypeId, 0);
            TraceWireTests.FillTrace(message, Parent, "vendor=value");
        });
        Assert.StartsWith("return q0", await peer.NextAsync(), StringComparison.Ordinal);
        Assert.StartsWith("return q1 results", await peer.NextAsync(), StringComparison.Ordinal);
        Assert.Equal(Parent, server.Carried?.Parent);
        Assert.Equal("vendor=value", server.Carried?.State);
        Assert.Null(server.Began);
    }

    [Fact]
    public async Task A_call_that_goes_back_to_its_sender_has_spans_that_end()
    {
        using var spans = new SpanCollector();
        await using var pair = Pair.InMemory(new WorkerServer());
        using var worker = pair.Client.Bootstrap<Worker.Client>();
        var mine = new WorkerServer();
        using var local = Worker.Client.Serve(mine);
        using var counter = Counter.Client.Serve(new CounterServer());
        using (var hold = local.Hold(counter))
        {
            await hold;
        }

        using (var answer = worker.Tail(local))
        {
            await answer;
        }

        // tail: client and server. held: sent back by the server as a tail call, served here.
        var ended = await spans.TakeAsync(4);
        Assert.All(ended, static span => Assert.Equal(ActivityStatusCode.Unset, span.Status));
        var one = Assert.Single(ended, static span => span is { DisplayName: "Worker/tail", Kind: ActivityKind.Client });
        var two = SpanCollector.ChildOf(ended, one.Context, ActivityKind.Server);
        var three = SpanCollector.ChildOf(ended, two.Context, ActivityKind.Client);
        Assert.Equal("Worker/held", three.DisplayName);
        SpanCollector.ChildOf(ended, three.Context, ActivityKind.Server);
    }

    /// <summary>Whatever meets in the vats between, each span ends once.</summary>
    [Fact]
    public async Task Many_calls_through_a_relay_end_as_many_spans()
    {
        using var spans = new SpanCollector();
        await using var far = Pair.InMemory(new BenchServer());
        using var offered = Offer(far.Client.Bootstrap(), Way.Forward);
        await using var near = Connected(offered);
        using var bench = near.Bootstrap<Bench.Client>();
        const int Rounds = 300;
        for (var i = 0ul; i < Rounds; i++)
        {
            using var next = bench.Next();
            using var ping = next.Pipeline.Node.Ping(i);
            Assert.Equal(i, (await ping).X);
        }

        var ended = await spans.TakeAsync(8 * Rounds);
        Assert.Equal(ended.Length, ended.Select(static span => span.SpanId).Distinct().Count());
        Assert.All(ended, static span => Assert.Equal(ActivityStatusCode.Unset, span.Status));
    }

    private static RpcConnection Connected(Relayed offered)
    {
        var (one, other) = Transports.InMemory();
        RpcConnection.Start(other, RpcOptions.Default with { Bootstrap = offered.Capability });
        return RpcConnection.Start(one);
    }

    private static Relayed Offer(Capability far, Way way)
    {
        switch (way)
        {
            case Way.Revocable:
                var revocable = new RevocableCapability(far);
                far.Dispose();
                return new Relayed(revocable.Capability.AddRef(), revocable);
            case Way.Membrane:
                var wrapped = new Membrane(new Open()).ToOutside(far);
                return new Relayed(wrapped, far);
            case Way.Reconnecting:
                var reconnecting = new ReconnectingCapability(() => Task.FromResult(far));
                return new Relayed(reconnecting.Capability.AddRef(), reconnecting);
            default:
                return new Relayed(far, null);
        }
    }

    /// <summary>What B offers, and what it must let go of besides.</summary>
    private sealed record Relayed(Capability Capability, IDisposable? Behind) : IDisposable
    {
        public void Dispose()
        {
            Capability.Dispose();
            Behind?.Dispose();
        }
    }

    private sealed class Open : IMembranePolicy
    {
        public void Inbound(ulong interfaceId, ushort methodId)
        {
            // Everything may pass.
        }

        public void Outbound(ulong interfaceId, ushort methodId)
        {
            // Everything may pass.
        }
    }
}
