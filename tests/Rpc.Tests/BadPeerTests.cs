using System.Buffers.Binary;
using Wetware.Rpc.Tests.Generated;
using Wetware.Rpc.Vat.Generated;

namespace Wetware.Rpc.Tests;

/// <summary>A peer that breaks the rules: its connection ends with a clear reason, and no other does.</summary>
public sealed class BadPeerTests
{
    public static TheoryData<string, string> Crimes => new()
    {
        { "duplicate question", "question 0 is asked while it is open" },
        { "unknown export", "export 42, which does not exist" },
        { "unknown question in a target", "question 42, which is not open" },
        { "return of nothing", "a return for question 42, which is not open" },
        { "finish of nothing", "a finish for question 42, which is not open" },
        { "release too much", "a release of 2 references to export 0, which has 1" },
        { "release nothing", "a release of 0 references" },
        { "resolve of no promise", "which is no open promise" },
        { "disembargo that does not point back", "does not point back" },
        { "loopback of nothing", "embargo 5, which does not exist" },
        { "unimplemented return", "a message that every peer must" },
        { "take from nothing", "which keeps none" },
        { "deep transform", "65 steps deep" },
        { "unknown operation", "an operation of unknown kind" },
        { "unknown target", "a message target of unknown kind" },
        { "answer twice", "a return for question 0, which is not open" },
        { "resolve of unknown kind", "a resolve of unknown kind" },
        { "sent elsewhere unasked", "which nobody asked for" },
        { "unknown export in a payload", "export 42, which does not exist" },
        { "release of what is gone", "export 0, which does not exist" },
    };

    [Theory]
    [MemberData(nameof(Crimes))]
    public async Task A_broken_rule_ends_that_connection_only(string crime, string reason)
    {
        await using var innocent = Pair.InMemory(new BenchServer());
        await using var peer = await ScriptedPeer.StartAsync(new WorkerServer());
        await peer.SendAsync(message => message.InitBootstrap().QuestionId = 0);
        Assert.Equal("return q0 results mine:0", await peer.NextAsync());
        using var asked = peer.Connection.Bootstrap();
        Assert.Equal("bootstrap q0", await peer.NextAsync());
        // An import that is no promise, for one of the crimes.
        await peer.SendAsync(message =>
        {
            var returned = message.InitReturn();
            returned.AnswerId = 0;
            var payload = returned.InitResults();
            payload.Content.SetCapabilityIndex(0);
            Fills.Host(payload.InitCapTable(1), 7);
        });
        // Settled before the next question, so that the transcript does not depend on which is faster.
        await asked.WhenSettledAsync().WaitAsync(TimeSpan.FromSeconds(10));
        using var pending = asked.NewRequest(Counter.TypeId, 0).Send();
        await peer.NextAsync(2);
        await CommitAsync(peer, crime, 0);
        var closed = await peer.ClosedAsync();
        Assert.Equal(CloseKind.ProtocolError, closed.Kind);
        Assert.Contains(reason, closed.Text, StringComparison.Ordinal);
        while (await peer.NextAsync() is not "(end)")
        {
            // Whatever it says, it then hangs up.
        }

        peer.Matches("Crime_" + crime.Replace(' ', '_'));
        Assert.True(peer.Connection.IsIdle);
        Assert.Null(innocent.Client.CloseReason);
    }

    [Fact]
    public async Task An_abort_of_the_peer_is_told()
    {
        await using var peer = await ScriptedPeer.StartAsync(null);
        using var bootstrap = peer.Connection.Bootstrap<Counter.Client>();
        using var answer = bootstrap.Next(0);
        await peer.SendAsync(message => message.InitAbort().SetReason("you are strange"));
        Assert.Equal(CloseKind.AbortedByPeer, (await peer.ClosedAsync()).Kind);
        var error = await Assert.ThrowsAsync<RpcException>(async () => await answer);
        Assert.Equal(RpcErrorType.Disconnected, error.Type);
        Assert.Contains("you are strange", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_frame_that_is_too_large_is_refused_before_memory_is_taken()
    {
        await using var peer = await ScriptedPeer.StartAsync(null);
        var header = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), 0x7FFF_FFFF);
        await peer.SendBytesAsync(header);
        var closed = await peer.ClosedAsync();
        Assert.Equal(CloseKind.FrameTooLarge, closed.Kind);
        Assert.Contains("17179869184 bytes; at most 67108864", closed.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_segments_are_refused()
    {
        await using var peer = await ScriptedPeer.StartAsync(null);
        var header = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(header, uint.MaxValue);
        await peer.SendBytesAsync(header);
        Assert.Equal(CloseKind.FrameTooLarge, (await peer.ClosedAsync()).Kind);
    }

    [Fact]
    public async Task Garbage_ends_the_connection()
    {
        await using var peer = await ScriptedPeer.StartAsync(new CounterServer());
        var frame = new byte[24];
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(4), 2);
        frame.AsSpan(8).Fill(0x77);
        await peer.SendBytesAsync(frame);
        Assert.Equal(CloseKind.Malformed, (await peer.ClosedAsync()).Kind);
    }

    [Fact]
    public async Task An_http_client_gets_no_further()
    {
        await using var peer = await ScriptedPeer.StartAsync(new CounterServer());
        await peer.SendBytesAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        Assert.Equal(CloseKind.FrameTooLarge, (await peer.ClosedAsync()).Kind);
    }

    private static async Task CommitAsync(ScriptedPeer peer, string crime, uint question)
    {
        switch (crime)
        {
            case "answer twice":
                await peer.SendAsync(message => FillAnswer(message, question));
                await peer.SendAsync(message => FillAnswer(message, question));
                break;
            case "release of what is gone":
                await peer.SendAsync(message => Fill(message.InitRelease(), 0, 1));
                await peer.SendAsync(message => Fill(message.InitRelease(), 0, 1));
                break;
            default:
                await CommitOneAsync(peer, crime, question);
                break;
        }
    }

    private static void FillAnswer(Message.Builder message, uint question)
    {
        var returned = message.InitReturn();
        returned.AnswerId = question;
        returned.InitResults().Content.InitStruct(new(1, 0));
    }

    private static Task CommitOneAsync(ScriptedPeer peer, string crime, uint question) => peer.SendAsync(message =>
    {
        switch (crime)
        {
            case "duplicate question":
                message.InitBootstrap().QuestionId = 0;
                break;
            case "unknown export":
                Fills.FillCall(message, 1, 0, 1, 1);
                var target = message.Call.InitTarget();
                target.ImportedCap = 42;
                break;
            case "unknown question in a target":
                Fills.FillCall(message, 1, 42, 1, 1);
                break;
            case "return of nothing":
                message.InitReturn().AnswerId = 42;
                break;
            case "finish of nothing":
                message.InitFinish().QuestionId = 42;
                break;
            case "release too much":
                Fill(message.InitRelease(), 0, 2);
                break;
            case "release nothing":
                Fill(message.InitRelease(), 0, 0);
                break;
            case "resolve of no promise":
                var resolve = message.InitResolve();
                resolve.PromiseId = 7;
                var cap = resolve.InitCap();
                cap.SenderHosted = 8;
                break;
            case "disembargo that does not point back":
                var disembargo = message.InitDisembargo();
                var there = disembargo.Context;
                there.SenderLoopback = 1;
                var mine = disembargo.InitTarget();
                mine.ImportedCap = 0;
                break;
            case "loopback of nothing":
                var loopback = message.InitDisembargo();
                var back = loopback.Context;
                back.ReceiverLoopback = 5;
                break;
            case "unimplemented return":
                message.InitUnimplemented().InitReturn().AnswerId = 0;
                break;
            case "take from nothing":
                var taking = message.InitReturn();
                taking.AnswerId = question;
                taking.TakeFromOtherQuestion = 0;
                break;
            case "deep transform":
                Fills.FillCall(message, 1, 0, 1, 1);
                message.Call.Target.PromisedAnswer.InitTransform(65);
                break;
            case "unknown operation":
                Fills.FillCall(message, 1, 0, 1, 1);
                message.Call.Target.PromisedAnswer.InitTransform(1)[0].Raw.SetUInt16(0, 9);
                break;
            case "unknown target":
                Fills.FillCall(message, 1, 0, 1, 1);
                message.Call.Target.Raw.SetUInt16(2, 9);
                break;
            case "resolve of unknown kind":
                var unknown = message.InitResolve();
                unknown.PromiseId = 7;
                unknown.Raw.SetUInt16(2, 9);
                break;
            case "sent elsewhere unasked":
                var elsewhere = message.InitReturn();
                elsewhere.AnswerId = question;
                elsewhere.SetResultsSentElsewhere();
                break;
            case "unknown export in a payload":
                Fills.FillCall(message, 1, 0, 1, 1);
                var named = message.Call.Params.InitCapTable(1)[0];
                named.ReceiverHosted = 42;
                break;
            default:
                throw new ArgumentException("no such crime", nameof(crime));
        }
    });

    private static void Fill(Release.Builder release, uint id, uint count)
    {
        release.Id = id;
        release.ReferenceCount = count;
    }
}
