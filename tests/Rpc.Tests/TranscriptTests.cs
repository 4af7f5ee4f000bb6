using Wetware.Rpc.Tests.Generated;
using static Wetware.Rpc.Tests.Fills;

namespace Wetware.Rpc.Tests;

/// <summary>
/// One transcript per rule of rpc.capnp about questions and answers: what a scripted peer says, and exactly what it is answered.
/// </summary>
public sealed class TranscriptTests
{
    [Fact]
    public async Task A_call_on_the_bootstrap_before_it_is_returned()
    {
        await using var peer = await ScriptedPeer.StartAsync(new CounterServer());
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        await peer.SendAsync(message => FillNext(message, 1, 0, expected: 0));
        await peer.SendAsync(message => FillNext(message, 2, 0, expected: 1));
        await peer.NextAsync(3);
        // A peer that does not know the flag finishes all the same, and may then use the id again.
        await peer.SendAsync(message => Fill(message.InitFinish(), 1));
        await peer.SendAsync(message => FillNext(message, 1, 0, expected: 2));
        await peer.NextAsync();
        await peer.SendAsync(message => Fill(message.InitFinish(), 0));
        await peer.SendAsync(message => message.InitRelease().Id = 99);
        await peer.NextAsync();
        peer.Matches();
    }

    [Fact]
    public async Task Question_ids_may_be_high()
    {
        await using var peer = await ScriptedPeer.StartAsync(new CounterServer());
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0x8000_0000);
        await peer.SendAsync(message => FillNext(message, 0xFFFF_FFFF, 0x8000_0000, expected: 0));
        await peer.NextAsync(2);
        peer.Matches();
    }

    [Fact]
    public async Task An_error_carries_its_type()
    {
        await using var peer = await ScriptedPeer.StartAsync(new CounterServer());
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        await peer.SendAsync(message => FillCall(message, 1, 0, 0x1234, 5));
        await peer.NextAsync(2);
        peer.Matches();
    }

    [Fact]
    public async Task A_finish_before_the_return_cancels()
    {
        var server = new WorkerServer();
        await using var peer = await ScriptedPeer.StartAsync(server);
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        await peer.SendAsync(message => FillCall(message, 1, 0, Worker.TypeId, 3));
        await peer.SendAsync(message => Fill(message.InitFinish(), 1));
        await peer.NextAsync(2);
        await server.Canceled.Task.WaitAsync(TimeSpan.FromSeconds(10));
        peer.Matches();
    }

    [Fact]
    public async Task Results_for_yourself_stay_and_are_taken_once()
    {
        await using var peer = await ScriptedPeer.StartAsync(new CounterServer());
        // The connection under test asks q0 of the peer; the peer answers by a tail call q7 back to it.
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        await peer.NextAsync();
        using var bootstrap = peer.Connection.Bootstrap<Counter.Client>();
        using var answer = bootstrap.Next(0);
        await peer.NextAsync(2);
        await peer.SendAsync(message =>
        {
            FillNext(message, 7, 0, expected: 0);
            message.Call.SendResultsTo.SetYourself();
        });
        await peer.SendAsync(message =>
        {
            var returned = message.InitReturn();
            returned.AnswerId = 1;
            returned.TakeFromOtherQuestion = 7;
        });
        await peer.NextAsync(2);
        Assert.Equal(0u, (await answer).N);
        peer.Matches();
    }

    [Fact]
    public async Task A_call_that_goes_on_to_its_own_sender_is_a_tail_call()
    {
        await using var peer = await ScriptedPeer.StartAsync(new WorkerServer());
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        await peer.NextAsync();
        // echoCap(cap: the peer's 5), then a call through its result: the cap comes back, so the call does too.
        await peer.SendAsync(message =>
        {
            FillCall(message, 1, 0, Worker.TypeId, 0);
            FillCap(message.Call.Params, 5);
        });
        await peer.NextAsync();
        await peer.SendAsync(message =>
        {
            FillCall(message, 2, 1, Counter.TypeId, 0);
            FillPath(message.Call.Target.PromisedAnswer);
        });
        await peer.NextAsync(2);
        peer.Matches();
    }

    [Fact]
    public async Task A_call_through_a_pipeline_that_led_to_its_sender_is_a_tail_call()
    {
        var server = new WorkerServer();
        await using var peer = await ScriptedPeer.StartAsync(server);
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        await peer.NextAsync();
        using var remote = peer.Connection.Bootstrap<Worker.Client>();
        await HostBootstrapAsync(peer, remote.Capability);
        // The server holds a capability of results to come, which turns out to be the peer's 9.
        using var held = remote.Held();
        using var local = Worker.Client.Serve(server);
        using var holding = local.Hold(held.Pipeline.Cap);
        await holding;
        await peer.NextAsync();
        await peer.SendAsync(message =>
        {
            var returned = message.InitReturn();
            FillCap(returned.InitResults(), 9);
        });
        await held;
        await peer.NextAsync();
        // held() and a call through its result: it is the peer's, so the call goes back there.
        await peer.SendAsync(message => FillCall(message, 1, 0, Worker.TypeId, HeldMethod));
        await peer.NextAsync();
        await peer.SendAsync(message =>
        {
            FillCall(message, 2, 1, Counter.TypeId, 0);
            FillPath(message.Call.Target.PromisedAnswer);
        });
        await peer.NextAsync(2);
        peer.Matches();
    }

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(77)]
    public async Task Messages_of_higher_levels_are_sent_back(int kind)
    {
        await using var peer = await ScriptedPeer.StartAsync(new CounterServer());
        await peer.SendAsync(message => message.Raw.SetUInt16(0, (ushort)kind));
        await peer.NextAsync();
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        await peer.NextAsync();
        peer.Matches($"{nameof(Messages_of_higher_levels_are_sent_back)}_{kind}");
    }

    [Fact]
    public async Task A_peer_that_does_not_know_calls_fails_them_as_unimplemented()
    {
        await using var peer = await ScriptedPeer.StartAsync(null);
        using var counter = peer.Connection.Bootstrap<Counter.Client>();
        using var answer = counter.Next(0);
        await peer.SendAsync(message => message.InitUnimplemented().InitBootstrap().QuestionId = 0);
        await peer.SendAsync(message => message.InitUnimplemented().InitCall().QuestionId = 1);
        var error = await Assert.ThrowsAsync<RpcException>(async () => await answer);
        Assert.Equal(RpcErrorType.Unimplemented, error.Type);
        peer.Matches();
    }

    [Fact]
    public async Task A_call_that_is_only_pipelined_on_gets_no_return()
    {
        await using var peer = await ScriptedPeer.StartAsync(new WorkerServer());
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        await peer.SendAsync(message =>
        {
            FillCall(message, 0x8000_0001, 0, Worker.TypeId, EchoCap);
            FillCap(message.Call.Params, 5);
            SetOnlyPipelined(message.Call);
        });
        await peer.SendAsync(message =>
        {
            FillCall(message, 2, 0x8000_0001, Counter.TypeId, 0);
            FillPath(message.Call.Target.PromisedAnswer);
        });
        await peer.NextAsync(3);
        // Canceled before it has returned, it says nothing either.
        await peer.SendAsync(message =>
        {
            FillCall(message, 0x8000_0002, 0, Worker.TypeId, Hang);
            SetOnlyPipelined(message.Call);
        });
        await peer.SendAsync(message => Fill(message.InitFinish(), 0x8000_0001));
        await peer.SendAsync(message => Fill(message.InitFinish(), 0x8000_0002));
        await peer.SendAsync(message => FillCall(message, 3, 0, Worker.TypeId, Total));
        await peer.NextAsync(2);
        peer.Matches();
    }

    [Fact]
    public async Task A_return_that_needs_no_finish_gets_none()
    {
        await using var peer = await ScriptedPeer.StartAsync(null);
        using var counter = peer.Connection.Bootstrap<Counter.Client>();
        await HostBootstrapAsync(peer, counter.Capability);
        using (var first = counter.Next(0))
        {
            await peer.NextAsync();
            await peer.SendAsync(message => SetNoFinishNeeded(FillAnswer(message, 0)));
            await first;
        }

        // The id is free again, and the next question takes it.
        using var second = counter.Next(1);
        await peer.NextAsync();
        await peer.SendAsync(message => FillAnswer(message, 0));
        await second;
        await peer.NextAsync();
        peer.Matches();
    }

    [Fact]
    public async Task A_canceled_return_fails_the_call()
    {
        await using var peer = await ScriptedPeer.StartAsync(null);
        using var counter = peer.Connection.Bootstrap<Counter.Client>();
        await HostBootstrapAsync(peer, counter.Capability);
        using var answer = counter.Next(0);
        await peer.NextAsync();
        await peer.SendAsync(message =>
        {
            var returned = message.InitReturn();
            returned.AnswerId = 0;
            returned.SetCanceled();
        });
        await peer.NextAsync();
        await Assert.ThrowsAsync<RpcException>(async () => await answer);
        peer.Matches();
    }

    [Fact]
    public async Task Results_for_a_third_party_are_not_spoken()
    {
        await using var peer = await ScriptedPeer.StartAsync(new CounterServer());
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        await peer.SendAsync(message =>
        {
            FillNext(message, 1, 0, expected: 0);
            message.Call.SendResultsTo.InitThirdParty();
        });
        await peer.NextAsync(2);
        peer.Matches();
    }

    [Fact]
    public async Task A_call_to_a_result_that_holds_no_capability_fails()
    {
        await using var peer = await ScriptedPeer.StartAsync(new CounterServer());
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        await peer.SendAsync(message => FillNext(message, 1, 0, expected: 0));
        await peer.SendAsync(message =>
        {
            FillCall(message, 2, 1, Counter.TypeId, 0);
            FillPath(message.Call.Target.PromisedAnswer);
        });
        await peer.NextAsync(3);
        peer.Matches();
    }
}
