using Wetware.Fuzz.Rpc;
using Wetware.Rpc.Tests.Generated;

namespace Wetware.Rpc.Tests;

/// <summary>
/// Three vats in a row, near, middle and far, and their messages moved one at a time. The middle forwards a call of the
/// near one, and the results lead back to the middle while a pipelined call is still on its long way there. To the near
/// vat what it pipelined on and what is returned to it are one reference.
/// </summary>
public sealed class ForwardTests : IDisposable
{
    private readonly SimulatedTransport _near;
    private readonly SimulatedTransport _nearOfMiddle;
    private readonly SimulatedTransport _farOfMiddle;
    private readonly SimulatedTransport _far;
    private readonly List<RpcConnection> _connections = [];
    private readonly List<SimulatedTransport> _started = [];

    public ForwardTests()
    {
        (_near, _nearOfMiddle) = SimulatedTransport.Pair();
        (_farOfMiddle, _far) = SimulatedTransport.Pair();
    }

    [Fact]
    public async Task What_a_forwarded_call_returns_is_not_called_ahead_of_what_was_pipelined_on_it()
    {
        using var server = Worker.Client.Serve(new WorkerServer());
        Start(_far, server.Capability);
        using var worker = Start(_farOfMiddle, null).Bootstrap<Worker.Client>();
        using var counter = Counter.Client.Serve(new CounterServer());
        using var holding = worker.Hold(counter);
        DeliverAll();
        await holding;
        await CallAcrossAsync(worker, beforeThePipelined: 1);
    }

    [Fact]
    public async Task What_is_taken_from_a_call_that_came_back_is_not_called_ahead_of_what_was_pipelined_on_it()
    {
        using var server = Worker.Client.Serve(new WorkerServer());
        using var counter = Counter.Client.Serve(new CounterServer());
        using var holding = server.Hold(counter);
        using var promise = new CapabilityPromise();
        using var back = Start(_far, promise.Capability).Bootstrap();
        // What the far vat offers is an object of the middle one, so it hands the forwarded call back, as a tail call.
        promise.Resolve(back);
        using var worker = Start(_farOfMiddle, server.Capability).Bootstrap<Worker.Client>();
        await CallAcrossAsync(worker, beforeThePipelined: 2);
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }
    }

    private async Task CallAcrossAsync(Worker.Client worker, int beforeThePipelined)
    {
        Start(_nearOfMiddle, worker.Capability);
        using var remote = Start(_near, null).Bootstrap<Worker.Client>();
        using var held = remote.Held();
        using var counter = held.Pipeline.Cap.AddRef();
        using var first = counter.Next(0);
        Deliver(_near);
        for (var i = 0; i < beforeThePipelined; i++)
        {
            Assert.True(_farOfMiddle.HasSent);
            _farOfMiddle.Move();
        }

        Deliver(_far);
        Deliver(_nearOfMiddle);
        Assert.True(held.IsCompleted && !first.IsCompleted, "the results are to overtake the pipelined call");
        using var second = counter.Next(1);
        var results = await held;
        using var third = results.Cap.Next(2);
        Deliver(_near);
        DeliverAll();
        Assert.Equal(0u, (await first).N);
        Assert.Equal(1u, (await second).N);
        Assert.Equal(2u, (await third).N);
    }

    private RpcConnection Start(SimulatedTransport line, Capability? bootstrap)
    {
        var connection = RpcConnection.Start(line, RpcOptions.Default with { Bootstrap = bootstrap });
        _connections.Add(connection);
        _started.Add(line);
        return connection;
    }

    private static bool Deliver(SimulatedTransport line)
    {
        var moved = false;
        while (line.HasSent)
        {
            line.Move();
            moved = true;
        }

        return moved;
    }

    private void DeliverAll()
    {
        while (_started.Exists(Deliver))
        {
            // Until everything has come to rest.
        }
    }
}
