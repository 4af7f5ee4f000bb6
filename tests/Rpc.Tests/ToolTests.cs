using Wetware.Rpc.Tests.Generated;

namespace Wetware.Rpc.Tests;

public sealed class ToolTests
{
    [Fact]
    public async Task A_revoked_capability_fails_wherever_it_went()
    {
        var worker = new WorkerServer();
        await using var pair = Pair.InMemory(worker);
        using var remote = pair.Client.Bootstrap<Worker.Client>();
        var counter = new CounterServer();
        using var target = Capability.Serve(counter);
        using var revocable = new RevocableCapability(target);
        using (var before = remote.CallBack(Counter.Client.From(revocable.Capability), 2))
        {
            Assert.Equal(1u, (await before).Last);
        }

        revocable.Revoke("no longer yours");
        using var after = remote.CallBack(Counter.Client.From(revocable.Capability), 1);
        var error = await Assert.ThrowsAsync<RpcException>(async () => await after);
        Assert.Contains("no longer yours", error.Reason, StringComparison.Ordinal);
        target.Dispose();
        Assert.True(counter.IsDisposed);
    }

    [Fact]
    public async Task Whatever_crosses_a_membrane_obeys_its_policy_and_comes_back_as_itself()
    {
        var policy = new SwitchPolicy();
        var membrane = new Membrane(policy);
        using var inside = Capability.Serve(new WorkerServer());
        using var outside = Worker.Client.From(membrane.ToOutside(inside));
        var server = new CounterServer();
        using var counter = Counter.Client.Serve(server);
        using (var called = outside.CallBack(counter, 3))
        {
            Assert.Equal(2u, (await called).Last);
        }

        Assert.Equal((1, 3), (policy.InboundCalls, policy.OutboundCalls));
        using var echoed = outside.EchoCap(counter);
        Assert.True((await echoed).Cap.Capability.IsSame(counter.Capability));

        using var promise = outside.Promise();
        using var held = (await promise).Cap.AddRef();
        policy.IsClosed = true;
        using var refused = outside.Total();
        await Assert.ThrowsAsync<RpcException>(async () => await refused);
        using var alsoRefused = held.Next(0);
        await Assert.ThrowsAsync<RpcException>(async () => await alsoRefused);
    }

    [Fact]
    public async Task A_set_knows_its_own_capabilities_even_after_a_journey()
    {
        var set = new CapabilitySet<CounterServer>();
        await using var pair = Pair.InMemory(new WorkerServer());
        using var worker = pair.Client.Bootstrap<Worker.Client>();
        var mine = new CounterServer();
        using var capability = set.Add(mine);
        using var echoed = worker.EchoCap(Counter.Client.From(capability));
        Assert.Same(mine, await set.GetAsync(echoed.Pipeline.Cap.Capability));
        using var foreign = Capability.Serve(new CounterServer());
        Assert.False(set.TryGet(foreign, out _));
        Assert.Null(await set.GetAsync(worker.Capability));
    }

    [Fact]
    public async Task A_reconnecting_client_connects_anew_after_its_connection_is_gone()
    {
        var pairs = new List<Pair>();
        using var reconnecting = new ReconnectingCapability(() =>
        {
            var pair = Pair.InMemory(new CounterServer());
            pairs.Add(pair);
            return Task.FromResult(pair.Client.Bootstrap());
        });
        var counter = Counter.Client.From(reconnecting.Capability);
        using (var first = counter.Next(0))
        {
            using var second = counter.Next(1);
            await first;
            await second;
        }

        await pairs[0].Server.DisposeAsync();
        await pairs[0].Client.Closed;
        using (var lost = counter.Next(2))
        {
            Assert.Equal(RpcErrorType.Disconnected, (await Assert.ThrowsAsync<RpcException>(async () => await lost)).Type);
        }

        using (var again = counter.Next(0))
        {
            Assert.Equal(0u, (await again).N);
        }

        Assert.Equal(2, pairs.Count);
        foreach (var pair in pairs)
        {
            await pair.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_broken_and_a_null_capability_fail_every_call()
    {
        using var broken = Capability.Broken(new RpcException(RpcErrorType.Overloaded, "later"));
        using var call = Counter.Client.From(broken).Next(0);
        Assert.Equal(RpcErrorType.Overloaded, (await Assert.ThrowsAsync<RpcException>(async () => await call)).Type);
        using var nothing = Capability.Null();
        Assert.True(nothing.IsNull);
        using var second = Counter.Client.From(nothing).Next(0);
        await Assert.ThrowsAsync<RpcException>(async () => await second);
    }

    [Fact]
    public async Task Past_the_budget_calls_wait_but_everything_else_goes_on()
    {
        var server = new WorkerServer();
        await using var pair = Pair.InMemory(server,
            serverOptions: RpcOptions.Default with { InboundCallBytesMax = 1000, WaitingCallBytesMax = 100_000 });
        using var worker = pair.Client.Bootstrap<Worker.Client>();
        var hanging = Enumerable.Range(0, 30).Select(_ => worker.Hang()).ToArray();
        using var total = worker.Total();
        using var counter = Counter.Client.Serve(new CounterServer());
        using var callback = worker.CallBack(counter, 1);
        Assert.False(total.IsCompleted);
        foreach (var call in hanging)
        {
            call.Dispose();
        }

        Assert.Equal(0u, (await total).Calls);
        Assert.Equal(0u, (await callback).Last);
    }

    [Fact]
    public async Task Past_what_may_wait_calls_are_answered_as_overloaded()
    {
        await using var pair = Pair.InMemory(new WorkerServer(),
            serverOptions: RpcOptions.Default with { InboundCallBytesMax = 500, WaitingCallBytesMax = 500 });
        using var worker = pair.Client.Bootstrap<Worker.Client>();
        var hanging = Enumerable.Range(0, 50).Select(_ => worker.Hang()).ToArray();
        var error = await Assert.ThrowsAsync<RpcException>(async () => await hanging[^1]);
        Assert.Equal(RpcErrorType.Overloaded, error.Type);
        foreach (var call in hanging)
        {
            call.Dispose();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_stack_of_a_handler_that_throws_is_sent_only_if_asked_for(bool sends)
    {
        await using var pair = Pair.InMemory(new WorkerServer(), serverOptions: RpcOptions.Default with { SendTraces = sends });
        using var worker = pair.Client.Bootstrap<Worker.Client>();
        using var call = worker.Fail((ushort)RpcErrorType.Failed, "on purpose");
        var error = await Assert.ThrowsAsync<RpcException>(async () => await call);
        Assert.Equal(sends, error.RemoteTrace?.Contains(nameof(WorkerServer.FailAsync), StringComparison.Ordinal) ?? false);
    }

    private sealed class SwitchPolicy : IMembranePolicy
    {
        public bool IsClosed { get; set; }

        public int InboundCalls { get; private set; }

        public int OutboundCalls { get; private set; }

        public void Inbound(ulong interfaceId, ushort methodId)
        {
            InboundCalls++;
            Check();
        }

        public void Outbound(ulong interfaceId, ushort methodId)
        {
            OutboundCalls++;
            Check();
        }

        private void Check()
        {
            if (IsClosed)
            {
                throw new RpcException("closed");
            }
        }
    }
}
