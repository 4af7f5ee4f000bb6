using Wetware.Rpc.Tests.Generated;
using Wetware.Rpc.Vat.Generated;

namespace Wetware.Rpc.Tests;

/// <summary>One transcript per rule of rpc.capnp: what a scripted peer says, and exactly what it is answered.</summary>
public sealed class TranscriptTests
{
    [Fact]
    public async Task A_call_on_the_bootstrap_before_it_is_returned()
    {
        await using var peer = await ScriptedPeer.StartAsync(new CounterServer());
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        await peer.SendAsync(message => FillNext(message, 1, 0, expected: 0));
        await peer.SendAsync(message => FillNext(message, 2, 0, expected: 1));
        Assert.Equal(["return q0 results mine:0", "return q1 results no finish needed", "return q2 results no finish needed"], await peer.NextAsync(3));
        // A peer that does not know the flag finishes all the same, and may then use the id again.
        await peer.SendAsync(message => Fill(message.InitFinish(), 1));
        await peer.SendAsync(message => FillNext(message, 1, 0, expected: 2));
        Assert.Equal("return q1 results no finish needed", await peer.NextAsync());
        await peer.SendAsync(message => Fill(message.InitFinish(), 0));
        await peer.SendAsync(message => message.InitRelease().Id = 99);
        Assert.StartsWith("abort", await peer.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Question_ids_may_be_high()
    {
        await using var peer = await ScriptedPeer.StartAsync(new CounterServer());
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0x8000_0000);
        await peer.SendAsync(message => FillNext(message, 0xFFFF_FFFF, 0x8000_0000, expected: 0));
        Assert.Equal(["return q2147483648 results mine:0", "return q4294967295 results"], await peer.NextAsync(2));
    }

    [Fact]
    public async Task An_error_carries_its_type()
    {
        await using var peer = await ScriptedPeer.StartAsync(new CounterServer());
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        await peer.SendAsync(message => FillCall(message, 1, 0, 0x1234, 5));
        Assert.Equal(["return q0 results mine:0", "return q1 Unimplemented: method 5 of interface @0x1234 is not implemented"], await peer.NextAsync(2));
    }

    [Fact]
    public async Task A_finish_before_the_return_cancels()
    {
        var server = new WorkerServer();
        await using var peer = await ScriptedPeer.StartAsync(server);
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        await peer.SendAsync(message => FillCall(message, 1, 0, Worker.TypeId, 3));
        await peer.SendAsync(message => Fill(message.InitFinish(), 1));
        Assert.Equal(["return q0 results mine:0", "return q1 canceled"], await peer.NextAsync(2));
        await server.Canceled.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Results_for_yourself_stay_and_are_taken_once()
    {
        await using var peer = await ScriptedPeer.StartAsync(new CounterServer());
        // The connection under test asks q0 of the peer; the peer answers by a tail call q7 back to it.
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        Assert.Equal("return q0 results mine:0", await peer.NextAsync());
        using var bootstrap = peer.Connection.Bootstrap<Counter.Client>();
        using var answer = bootstrap.Next(0);
        Assert.Equal(["bootstrap q0", "call q1 q0 method 0"], await peer.NextAsync(2));
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
        Assert.Equal(["return q7 sent elsewhere", "finish q1"], await peer.NextAsync(2));
        Assert.Equal(0u, (await answer).N);
    }

    [Fact]
    public async Task A_call_that_goes_on_to_its_own_sender_is_a_tail_call()
    {
        await using var peer = await ScriptedPeer.StartAsync(new WorkerServer());
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        Assert.Equal("return q0 results mine:0", await peer.NextAsync());
        // echoCap(cap: the peer's 5), then a call through its result: the cap comes back, so the call does too.
        await peer.SendAsync(message =>
        {
            FillCall(message, 1, 0, Worker.TypeId, 0);
            FillCap(message.Call.Params, 5);
        });
        Assert.Equal("return q1 results yours:5", await peer.NextAsync());
        await peer.SendAsync(message =>
        {
            FillCall(message, 2, 1, Counter.TypeId, 0);
            FillPath(message.Call.Target.PromisedAnswer);
        });
        Assert.Equal(["call q0 e5 method 0 results to yourself", "return q2 take from q0"], await peer.NextAsync(2));
    }

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
        Assert.Equal(
            ["return q0 results mine:0", "return q1 results yours:5", "call q0 e5 method 0 results to yourself", "return q2 take from q0", "disembargo e5 back 3"],
            await peer.NextAsync(5));
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
        Assert.Equal(
            ["return q0 results mine:0", "return q1 results promise:1", "resolve e1 yours:5", "return q2 results no finish needed"],
            await peer.NextAsync(4));
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
        Assert.Equal(["bootstrap q0", "call q1 q0 method 0 mine:0", "call q2 q1.0 method 0"], await peer.NextAsync(3));
        await peer.SendAsync(message => FillYours(message, answerId: 1, exportId: 0));
        Assert.Equal(["disembargo q1.0 there 0", "finish q1"], await peer.NextAsync(2));
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
        Assert.StartsWith("unimplemented(", await peer.NextAsync(), StringComparison.Ordinal);
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        Assert.Equal("return q0 results mine:0", await peer.NextAsync());
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
        Assert.Equal(["return q0 results mine:0", "call q0 e8 method 0"], await peer.NextAsync(2));
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
    }

    // Returns a result whose one capability is an export of the connection under test.
    private static void FillYours(Message.Builder message, uint answerId, uint exportId)
    {
        var returned = message.InitReturn();
        returned.AnswerId = answerId;
        returned.ReleaseParamCaps = false;
        var payload = returned.InitResults();
        payload.Content.InitStruct(new(0, 1)).GetPointer(0).SetCapabilityIndex(0);
        var descriptor = payload.InitCapTable(1)[0];
        descriptor.ReceiverHosted = exportId;
    }

    internal static void FillNext(Message.Builder message, uint question, uint target, uint expected)
    {
        FillCall(message, question, target, Counter.TypeId, 0);
        message.Call.Params.Content.InitStruct(new(1, 0)).SetUInt32(0, expected);
    }

    internal static void FillCall(Message.Builder message, uint question, uint target, ulong interfaceId, ushort method)
    {
        var call = message.InitCall();
        call.QuestionId = question;
        call.InterfaceId = interfaceId;
        call.MethodId = method;
        FillTarget(call.InitTarget(), target);
        call.InitParams().Content.InitStruct(default);
    }

    internal static void FillTarget(MessageTarget.Builder target, uint question) => target.InitPromisedAnswer().QuestionId = question;

    internal static void FillPath(PromisedAnswer.Builder promised)
    {
        var transform = promised.InitTransform(1);
        var operation = transform[0];
        operation.GetPointerField = 0;
    }

    internal static void FillCap(Payload.Builder payload, uint export)
    {
        payload.Content.InitStruct(new(0, 1)).GetPointer(0).SetCapabilityIndex(0);
        Host(payload.InitCapTable(1), export);
    }

    internal static void Host(Core.Capnp.StructListBuilder<CapDescriptor.Builder> table, uint export)
    {
        var descriptor = table[0];
        descriptor.SenderHosted = export;
    }

    internal static void Fill(Finish.Builder finish, uint question) => finish.QuestionId = question;
}
