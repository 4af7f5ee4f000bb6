using Wetware.Rpc.Tests.Generated;
using static Wetware.Rpc.Tests.Fills;

namespace Wetware.Rpc.Tests;

/// <summary>One transcript per rule of rpc.capnp about capabilities: exports, imports, promises, embargoes.</summary>
public sealed class ReferenceTranscriptTests
{
    [Fact]
    public async Task A_disembargo_comes_back_behind_the_calls()
    {
        await using var peer = await ScriptedPeer.StartAsync(new WorkerServer());
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        await peer.SendAsync(message =>
        {
            FillCall(message, 1, 0, Worker.TypeId, 0);
            FillCap(message.Call.Params, 5);
        });
        await peer.SendAsync(message =>
        {
            FillCall(message, 2, 1, Counter.TypeId, 0);
            FillPath(message.Call.Target.PromisedAnswer);
        });
        await peer.SendAsync(message =>
        {
            var disembargo = message.InitDisembargo();
            var context = disembargo.Context;
            context.SenderLoopback = 3;
            FillTarget(disembargo.InitTarget(), 1);
            FillPath(disembargo.Target.PromisedAnswer);
        });
        await peer.NextAsync(5);
        peer.Matches();
    }

    [Fact]
    public async Task A_promise_is_resolved_once_it_is_known()
    {
        await using var peer = await ScriptedPeer.StartAsync(new WorkerServer());
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        await peer.SendAsync(message => FillCall(message, 1, 0, Worker.TypeId, 11));
        await peer.SendAsync(message =>
        {
            FillCall(message, 2, 0, Worker.TypeId, 12);
            FillCap(message.Call.Params, 5);
        });
        await peer.NextAsync(4);
        peer.Matches();
    }

    [Fact]
    public async Task An_embargo_holds_until_the_disembargo_is_back()
    {
        await using var peer = await ScriptedPeer.StartAsync(null);
        using var worker = peer.Connection.Bootstrap<Worker.Client>();
        var server = new CounterServer();
        using var counter = Counter.Client.Serve(server);
        using var echoed = worker.EchoCap(counter);
        using var early = echoed.Pipeline.Cap.Next(0);
        await peer.NextAsync(3);
        await peer.SendAsync(message => FillYours(message, answerId: 1, exportId: 0));
        await peer.NextAsync(2);
        await echoed;
        using var late = echoed.Pipeline.Cap.Next(1);
        Assert.False(late.IsCompleted, "the late call overtook the early one");
        // The early call arrives the long way round, and only then the disembargo.
        await peer.SendAsync(message =>
        {
            FillCall(message, 9, 0, Counter.TypeId, 0);
            var target = message.Call.InitTarget();
            target.ImportedCap = 0;
            message.Call.Params.Content.InitStruct(new(1, 0)).SetUInt32(0, 0);
        });
        await peer.SendAsync(message =>
        {
            var disembargo = message.InitDisembargo();
            var context = disembargo.Context;
            context.ReceiverLoopback = 0;
        });
        Assert.Equal(1u, (await late).N);
        peer.Matches();
    }

    [Fact]
    public async Task What_waits_behind_an_embargo_is_lost_with_the_connection()
    {
        await using var peer = await ScriptedPeer.StartAsync(null);
        using var worker = peer.Connection.Bootstrap<Worker.Client>();
        using var counter = Counter.Client.Serve(new CounterServer());
        using var echoed = worker.EchoCap(counter);
        using var early = echoed.Pipeline.Cap.Next(0);
        await peer.NextAsync(3);
        await peer.SendAsync(message => FillYours(message, answerId: 1, exportId: 0));
        await peer.NextAsync(2);
        await echoed;
        using var late = echoed.Pipeline.Cap.Next(0);
        peer.HangUp();
        Assert.Equal(RpcErrorType.Disconnected, (await Assert.ThrowsAsync<RpcException>(async () => await early)).Type);
        Assert.Equal(RpcErrorType.Disconnected, (await Assert.ThrowsAsync<RpcException>(async () => await late)).Type);
        using var direct = counter.Next(0);
        Assert.Equal(0u, (await direct).N);
        peer.Matches();
    }

    [Fact]
    public async Task A_third_partys_capability_is_reached_by_its_vine()
    {
        await using var peer = await ScriptedPeer.StartAsync(new WorkerServer());
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        await peer.SendAsync(message =>
        {
            FillCall(message, 1, 0, Worker.TypeId, 1);
            message.Call.Params.Content.InitStruct(new(1, 1)).GetPointer(0).SetCapabilityIndex(0);
            message.Call.Params.Content.GetStruct(new(1, 1)).SetUInt32(0, 1);
            var vine = message.Call.Params.InitCapTable(1)[0].InitThirdPartyHosted();
            vine.VineId = 8;
        });
        await peer.NextAsync(2);
        peer.Matches();
    }

    [Fact]
    public async Task Parameters_are_released_by_the_return_unless_it_keeps_them()
    {
        await using var peer = await ScriptedPeer.StartAsync(null);
        using var worker = peer.Connection.Bootstrap<Worker.Client>();
        await HostBootstrapAsync(peer, worker.Capability);
        var released = new CounterServer();
        var kept = new CounterServer();
        using (var counter = Counter.Client.Serve(released))
        {
            using var hold = worker.Hold(counter);
            counter.Dispose();
            await peer.NextAsync();
            Assert.False(released.IsDisposed);
            await peer.SendAsync(message => FillAnswer(message, 0));
            await hold;
            Assert.True(released.IsDisposed);
        }

        await peer.NextAsync();
        using (var counter = Counter.Client.Serve(kept))
        {
            using var hold = worker.Hold(counter);
            counter.Dispose();
            await peer.NextAsync();
            await peer.SendAsync(message => SetKeepsParams(FillAnswer(message, 0)));
            await hold;
        }

        await peer.NextAsync();
        Assert.False(kept.IsDisposed);
        await peer.SendAsync(message => FillRelease(message.InitRelease(), 0, 1));
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        await peer.NextAsync();
        Assert.True(kept.IsDisposed);
        peer.Matches();
    }

    [Fact]
    public async Task A_capability_that_is_sent_twice_is_one_export_that_is_released_twice()
    {
        await using var peer = await ScriptedPeer.StartAsync(new WorkerServer());
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 1);
        await peer.NextAsync(2);
        await peer.SendAsync(message =>
        {
            Fill(message.InitFinish(), 0);
            SetKeepsResults(message.Finish);
        });
        await peer.SendAsync(message => FillRelease(message.InitRelease(), 0, 1));
        await peer.SendAsync(message => FillTo(message, 2, 0));
        await peer.NextAsync();
        // The last count goes along with the results that it came with.
        await peer.SendAsync(message => Fill(message.InitFinish(), 1));
        await peer.SendAsync(message => FillTo(message, 3, 0));
        await peer.NextAsync();
        peer.Matches();
    }

    [Fact]
    public async Task An_import_is_released_as_often_as_it_was_received()
    {
        await using var peer = await ScriptedPeer.StartAsync(new WorkerServer());
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        await peer.NextAsync();
        for (uint i = 1; i <= 3; i++)
        {
            var question = i;
            await peer.SendAsync(message =>
            {
                FillCall(message, question, 0, Worker.TypeId, Hold);
                FillCap(message.Call.Params, 5);
            });
            await peer.NextAsync();
        }

        // Another takes its place: now the old one goes, with everything it counted.
        await peer.SendAsync(message =>
        {
            FillCall(message, 4, 0, Worker.TypeId, Hold);
            FillCap(message.Call.Params, 6);
        });
        await peer.NextAsync(2);
        peer.Matches();
    }

    [Fact]
    public async Task A_promise_of_the_peer_that_breaks_fails_the_calls_to_it()
    {
        await using var peer = await ScriptedPeer.StartAsync(null);
        using var counter = peer.Connection.Bootstrap<Counter.Client>();
        await peer.NextAsync();
        await peer.SendAsync(message => FillPromise(message, 0, 7));
        await peer.NextAsync();
        using var early = counter.Next(0);
        await peer.NextAsync();
        await peer.SendAsync(message =>
        {
            var resolve = message.InitResolve();
            resolve.PromiseId = 7;
            resolve.InitException().SetReason("it is gone");
        });
        await peer.NextAsync();
        using var late = counter.Next(0);
        var error = await Assert.ThrowsAsync<RpcException>(async () => await late);
        Assert.Equal("it is gone", error.Reason);
        peer.Matches();
    }

    [Fact]
    public async Task A_resolution_of_what_was_released_is_released()
    {
        await using var peer = await ScriptedPeer.StartAsync(new CounterServer());
        var counter = peer.Connection.Bootstrap<Counter.Client>();
        await peer.NextAsync();
        await peer.SendAsync(message => FillPromise(message, 0, 7));
        await peer.NextAsync();
        counter.Dispose();
        await peer.NextAsync();
        await peer.SendAsync(message =>
        {
            var resolve = message.InitResolve();
            resolve.PromiseId = 7;
            var cap = resolve.InitCap();
            cap.SenderHosted = 8;
        });
        await peer.NextAsync();
        peer.Matches();
    }

    [Fact]
    public async Task A_peer_that_does_not_know_resolutions_gives_back_what_they_bring()
    {
        await using var peer = await ScriptedPeer.StartAsync(new WorkerServer());
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        await peer.SendAsync(message => FillCall(message, 1, 0, Worker.TypeId, Promise));
        await peer.NextAsync(2);
        // fulfill: with the bootstrap itself, so that the resolution brings an export of this side.
        await peer.SendAsync(message =>
        {
            FillCall(message, 2, 0, Worker.TypeId, Fulfill);
            message.Call.Params.Content.InitStruct(new(0, 1)).GetPointer(0).SetCapabilityIndex(0);
            var descriptor = message.Call.Params.InitCapTable(1)[0];
            descriptor.ReceiverHosted = 0;
        });
        await peer.NextAsync(2);
        await peer.SendAsync(message =>
        {
            var resolve = message.InitUnimplemented().InitResolve();
            resolve.PromiseId = 1;
            var cap = resolve.InitCap();
            cap.SenderHosted = 0;
        });
        await peer.SendAsync(message => FillRelease(message.InitRelease(), 0, 2));
        await peer.NextAsync();
        peer.Matches();
    }

    [Fact]
    public async Task A_promise_that_breaks_is_told()
    {
        await using var peer = await ScriptedPeer.StartAsync(new WorkerServer());
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        await peer.SendAsync(message => FillCall(message, 1, 0, Worker.TypeId, Promise));
        await peer.SendAsync(message => FillCall(message, 2, 0, Worker.TypeId, Fulfill));
        await peer.NextAsync(4);
        peer.Matches();
    }

    [Fact]
    public async Task An_answer_of_the_receiver_can_be_a_parameter()
    {
        await using var peer = await ScriptedPeer.StartAsync(new WorkerServer());
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        await peer.SendAsync(message => FillCall(message, 1, 0, Worker.TypeId, Promise));
        // The promise that question 1 returns, echoed before the peer has it.
        await peer.SendAsync(message =>
        {
            FillCall(message, 2, 0, Worker.TypeId, EchoCap);
            message.Call.Params.Content.InitStruct(new(0, 1)).GetPointer(0).SetCapabilityIndex(0);
            var promised = message.Call.Params.InitCapTable(1)[0].InitReceiverAnswer();
            promised.QuestionId = 1;
            FillPath(promised);
        });
        await peer.NextAsync(3);
        peer.Matches();
    }

    [Fact]
    public async Task A_capability_of_results_to_come_goes_as_the_receivers_answer()
    {
        await using var peer = await ScriptedPeer.StartAsync(null);
        using var worker = peer.Connection.Bootstrap<Worker.Client>();
        using var self = worker.Self();
        using var promise = worker.Promise();
        using var hold = self.Pipeline.Worker.Hold(promise.Pipeline.Cap);
        await peer.NextAsync(4);
        peer.Matches();
    }
}
