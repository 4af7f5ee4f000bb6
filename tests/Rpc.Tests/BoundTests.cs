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
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

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
        await using var peer = await ScriptedPeer.StartAsync(new BenchServer(), RpcOptions.Default with { SendQueueBytesMax = QueueBytesMax });
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
