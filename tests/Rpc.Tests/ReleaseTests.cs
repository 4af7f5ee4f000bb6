using Wetware.Rpc.Tests.Generated;

namespace Wetware.Rpc.Tests;

/// <summary>
/// An object that is disposed with its last reference may do anything then: no lock of a connection is held, however the reference went.
/// </summary>
public sealed class ReleaseTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task When_the_peer_releases_it()
    {
        await using var pair = Pair.InMemory(new WorkerServer());
        using var worker = pair.Client.Bootstrap<Worker.Client>();
        var probe = new Probe(pair);
        using (var counter = probe.Serve())
        {
            await worker.Hold(counter).WhenDoneAsync();
        }

        Assert.False(probe.IsFree.Task.IsCompleted);
        using var other = Counter.Client.Serve(new CounterServer());
        await worker.Hold(other).WhenDoneAsync();
        Assert.True(await probe.IsFree.Task.WaitAsync(s_patience));
    }

    [Fact]
    public async Task When_the_results_that_hold_it_are_finished()
    {
        await using var pair = Pair.InMemory(new WorkerServer());
        using var worker = pair.Client.Bootstrap<Worker.Client>();
        var probe = new Probe(pair);
        using (var counter = probe.Serve())
        {
            using var answer = worker.EchoCap(counter);
            await answer;
        }

        Assert.True(await probe.IsFree.Task.WaitAsync(s_patience));
    }

    [Fact]
    public async Task When_the_connection_ends()
    {
        await using var pair = Pair.InMemory(new WorkerServer());
        using var worker = pair.Client.Bootstrap<Worker.Client>();
        var probe = new Probe(pair);
        using (var counter = probe.Serve())
        {
            await worker.Hold(counter).WhenDoneAsync();
        }

        pair.Client.Dispose();
        Assert.True(await probe.IsFree.Task.WaitAsync(s_patience));
    }

    /// <summary>Looks, when it is disposed, whether another thread can pass the gates of both connections.</summary>
    private sealed class Probe(Pair pair) : ICapabilityServer, IDisposable
    {
        public TaskCompletionSource<bool> IsFree { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Counter.Client Serve() => Counter.Client.From(Capability.Serve(this));

        public ValueTask DispatchAsync(ulong interfaceId, ushort methodId, CallContext call) => call.UnimplementedAsync();

        public void Dispose()
        {
            var passing = new Thread(() => _ = (pair.Client.CloseReason, pair.Server.CloseReason)) { IsBackground = true };
            passing.Start();
            IsFree.SetResult(passing.Join(TimeSpan.FromSeconds(5)));
        }
    }
}
