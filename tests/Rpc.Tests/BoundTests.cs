using Wetware.Rpc.Tests.Generated;
using Wetware.Rpc.Vat.Generated;

namespace Wetware.Rpc.Tests;

using Bench = Wetware.Bench.Rpc.Generated.Bench;

/// <summary>What a peer that does not do its part may cost: a peer that never reads, or never answers.</summary>
public sealed class BoundTests
{
    private const ushort EchoMethod = 4;
    private const int DataBytes = 32 * 1024;
    private const long QueueBytesMax = 256 * 1024;

    [Fact]
    public async Task Calls_to_a_peer_that_never_reads_fail_as_overloaded_until_it_reads()
    {
        await using var peer = await ScriptedPeer.StartAsync(null, RpcOptions.Default with { SendQueueBytesMax = QueueBytesMax });
        using var bench = peer.Connection.Bootstrap<Bench.Client>();
        var data = new byte[DataBytes];
        var answers = new List<Answer>();
        RpcException? refused = null;
        while (refused is null)
        {
            Assert.True(answers.Count < 10_000, "the queue has no end");
            var answer = bench.Echo(data).Untyped;
            answers.Add(answer);
            refused = Refusal(answer);
            Assert.InRange(peer.Connection.SendQueueBytes, 0, QueueBytesMax + (2 * DataBytes));
        }

        Assert.Equal(RpcErrorType.Overloaded, refused.Type);
        // All but the refused one, and the bootstrap.
        await peer.NextAsync(answers.Count);
        var last = bench.Echo(data).Untyped;
        Assert.Null(Refusal(last));
        Assert.StartsWith("call", await peer.NextAsync(), StringComparison.Ordinal);
        answers.Add(last);
        answers.ForEach(answer => answer.Dispose());
    }

    [Fact]
    public async Task Calls_of_a_peer_that_reads_late_wait_and_are_all_answered()
    {
        const int Calls = 400;
        await using var peer = await ScriptedPeer.StartAsync(new BenchServer(),
            RpcOptions.Default with { SendQueueBytesMax = QueueBytesMax });
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        for (uint i = 1; i <= Calls; i++)
        {
            await peer.SendAsync(message => FillEcho(message, i));
            Assert.InRange(peer.Connection.SendQueueBytes, 0, QueueBytesMax + (2 * DataBytes));
        }

        Assert.Equal("return q0 results mine:0", await peer.NextAsync());
        for (var i = 1; i <= Calls; i++)
        {
            Assert.Equal($"return q{i} results no finish needed", await peer.NextAsync());
        }
    }

    [Fact]
    public async Task A_peer_that_asks_for_ever_and_never_reads_is_cut_off()
    {
        var options = RpcOptions.Default with { SendQueueBytesMax = QueueBytesMax, WaitingCallBytesMax = 10 * DataBytes };
        await using var peer = await ScriptedPeer.StartAsync(new BenchServer(), options);
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        var asking = AskForEverAsync(peer);
        Assert.Equal(CloseKind.SendQueueFull, (await peer.ClosedAsync()).Kind);
        await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(() => asking);
    }

    [Fact]
    public async Task Calls_to_a_peer_that_never_answers_fail_as_overloaded_until_it_answers()
    {
        await using var peer = await ScriptedPeer.StartAsync(null, RpcOptions.Default with { OutstandingCallsMax = 3 });
        using var counter = peer.Connection.Bootstrap<Counter.Client>();
        using var first = counter.Next(0);
        using var second = counter.Next(0);
        using var refused = counter.Next(0);
        Assert.Equal(RpcErrorType.Overloaded, Refusal(refused.Untyped)?.Type);
        await peer.SendAsync(message =>
        {
            var returned = message.InitReturn();
            returned.AnswerId = 1;
            returned.InitResults().Content.InitStruct(new(1, 0));
        });
        await first;
        using var third = counter.Next(0);
        Assert.Null(Refusal(third.Untyped));
    }

    [Fact]
    public async Task A_peer_that_never_finishes_is_refused_further_calls_until_it_does()
    {
        await using var peer = await ScriptedPeer.StartAsync(new WorkerServer(), RpcOptions.Default with { HeldResultBytesMax = 1000 });
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        await peer.NextAsync();
        uint question = 0;
        string answer;
        do
        {
            Assert.True(question < 100, "what a peer may hold has no end");
            question++;
            answer = await AskForACapabilityAsync(peer, question);
        }
        while (answer.Contains("results", StringComparison.Ordinal));

        Assert.Contains("overloaded", answer, StringComparison.OrdinalIgnoreCase);
        for (uint done = 1; done <= question; done++)
        {
            await peer.SendAsync(message => Fills.Fill(message.InitFinish(), done));
        }

        Assert.StartsWith("release e5", await peer.NextAsync(), StringComparison.Ordinal);
        Assert.Contains("results", await AskForACapabilityAsync(peer, question + 1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_that_never_releases_is_given_no_more_until_it_does()
    {
        const ushort NextMethod = 1;
        await using var peer = await ScriptedPeer.StartAsync(new BenchServer(), RpcOptions.Default with { ExportsMax = 3 });
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        Assert.Equal("return q0 results mine:0", await peer.NextAsync());
        foreach (var (question, answer) in new[] { (1u, "results mine:1"), (2u, "results mine:2"), (3u, "overloaded") })
        {
            await peer.SendAsync(message => Fills.FillCall(message, question, 0, Bench.TypeId, NextMethod));
            Assert.Contains(answer, await peer.NextAsync(), StringComparison.OrdinalIgnoreCase);
        }

        await peer.SendAsync(message => Fills.Fill(message.InitFinish(), 1));
        await peer.SendAsync(message => Fills.FillCall(message, 4, 0, Bench.TypeId, NextMethod));
        Assert.Contains("results mine:1", await peer.NextAsync(), StringComparison.Ordinal);
        Assert.Null(peer.Connection.CloseReason);
    }

    [Fact]
    public async Task Calls_that_would_give_a_peer_too_many_capabilities_fail_as_overloaded()
    {
        await using var peer = await ScriptedPeer.StartAsync(null, RpcOptions.Default with { ExportsMax = 2 });
        using var worker = peer.Connection.Bootstrap<Worker.Client>();
        var answers = new List<Answer>();
        for (var i = 0; i < 3; i++)
        {
            using var counter = Counter.Client.Serve(new CounterServer());
            var request = worker.EchoCapRequest();
            request.Params.SetCap(counter);
            answers.Add(request.Send().Untyped);
        }

        Assert.Equal([null, null, RpcErrorType.Overloaded], answers.Select(answer => Refusal(answer)?.Type));
        answers.ForEach(answer => answer.Dispose());
    }

    [Fact]
    public async Task What_handlers_build_before_they_return_is_bounded_for_all_of_them_together()
    {
        const int Large = 3 << 20;
        var server = new HoldingServer(new byte[Large]);
        await using var peer = await ScriptedPeer.StartAsync(server, RpcOptions.Default with { BuildingResultBytesMax = Large * 3 / 2 });
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        await peer.NextAsync();
        await peer.SendAsync(message => Fills.FillCall(message, 1, 0, Worker.TypeId, 0));
        await peer.SendAsync(message => Fills.FillCall(message, 2, 0, Worker.TypeId, 0));
        var refused = await peer.NextAsync();
        Assert.StartsWith("return q2", refused, StringComparison.Ordinal);
        Assert.Contains("overloaded", refused, StringComparison.OrdinalIgnoreCase);

        server.Return();
        Assert.StartsWith("return q1 results", await peer.NextAsync(), StringComparison.Ordinal);
        await peer.SendAsync(message => Fills.FillCall(message, 3, 0, Worker.TypeId, 0));
        Assert.StartsWith("return q3 results", await peer.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_with_too_many_open_calls_is_cut_off()
    {
        await using var peer = await ScriptedPeer.StartAsync(new WorkerServer(), RpcOptions.Default with { PeerCallsMax = 3 });
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        await peer.NextAsync();
        await peer.SendAsync(message => Fills.FillCall(message, 1, 0, Worker.TypeId, Fills.Hang));
        await peer.SendAsync(message => Fills.FillCall(message, 2, 0, Worker.TypeId, Fills.Hang));
        await peer.SendAsync(message => Fills.Fill(message.InitFinish(), 2));
        Assert.Equal("return q2 canceled", await peer.NextAsync());
        await peer.SendAsync(message => Fills.FillCall(message, 3, 0, Worker.TypeId, Fills.Hang));
        Assert.Null(peer.Connection.CloseReason);
        await peer.SendAsync(message => Fills.FillCall(message, 4, 0, Worker.TypeId, Fills.Hang));
        var reason = await peer.ClosedAsync();
        Assert.Equal(CloseKind.ProtocolError, reason.Kind);
        Assert.Contains("more than 3 questions are open", reason.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_of_calls_that_end_late_are_bounded_too()
    {
        const int Calls = 200;
        var server = new LateServer();
        await using var peer = await ScriptedPeer.StartAsync(server, RpcOptions.Default with { SendQueueBytesMax = QueueBytesMax });
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        for (uint i = 1; i <= Calls; i++)
        {
            await peer.SendAsync(message => Fills.FillCall(message, i, 0, Worker.TypeId, 0));
        }

        // Answered behind the calls: by then each of them waits.
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = Calls + 1);
        await peer.NextAsync(2);
        long most = 0;
        server.BeforeAnswer = () => most = Math.Max(most, peer.Connection.SendQueueBytes);
        await server.AnswerAsync(new byte[QueueBytesMax]);
        Assert.Equal(CloseKind.SendQueueFull, (await peer.ClosedAsync()).Kind);
        Assert.InRange(most, QueueBytesMax, (3 * QueueBytesMax) + DataBytes);
    }

    private static async Task<string> AskForACapabilityAsync(ScriptedPeer peer, uint question)
    {
        await peer.SendAsync(message =>
        {
            Fills.FillCall(message, question, 0, Worker.TypeId, Fills.EchoCap);
            Fills.FillCap(message.Call.Params, 5);
        });
        return await peer.NextAsync();
    }

    private static async Task AskForEverAsync(ScriptedPeer peer)
    {
        for (uint i = 1; true; i++)
        {
            await peer.SendAsync(message => FillEcho(message, i));
            Assert.InRange(peer.Connection.SendQueueBytes, 0, (2 * QueueBytesMax) + (2 * DataBytes));
        }
    }

    private static void FillEcho(Message.Builder message, uint question)
    {
        Fills.FillCall(message, question, 0, Bench.TypeId, EchoMethod);
        message.Call.Params.Content.InitStruct(new(0, 1)).GetPointer(0).SetData(new byte[DataBytes]);
    }

    private static RpcException? Refusal(Answer answer)
    {
        if (!answer.IsCompleted)
        {
            return null;
        }

        return Assert.Throws<RpcException>(() => _ = answer.Results);
    }
}
