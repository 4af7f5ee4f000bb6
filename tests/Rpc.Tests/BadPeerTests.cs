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
            TranscriptTests.Host(payload.InitCapTable(1), 7);
        });
        using var pending = asked.NewRequest(Counter.TypeId, 0).Send();
        var sent = await peer.NextAsync();
        while (!sent.StartsWith("call q", StringComparison.Ordinal))
        {
            sent = await peer.NextAsync();
        }

        // Whether the return has come by then decides whether its id is free again.
        var question = uint.Parse(sent["call q".Length..].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        await CommitAsync(peer, crime, question);
        var closed = await peer.ClosedAsync();
        Assert.Equal(CloseKind.ProtocolError, closed.Kind);
        Assert.Contains(reason, closed.Text, StringComparison.Ordinal);
        string line;
        do
        {
            line = await peer.NextAsync();
        }
        while (!line.StartsWith("abort", StringComparison.Ordinal) && line != "(end)");
        Assert.Contains(reason, line, StringComparison.Ordinal);
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

    private static Task CommitAsync(ScriptedPeer peer, string crime, uint question) => peer.SendAsync(message =>
    {
        switch (crime)
        {
            case "duplicate question":
                message.InitBootstrap().QuestionId = 0;
                break;
            case "unknown export":
                TranscriptTests.FillCall(message, 1, 0, 1, 1);
                var target = message.Call.InitTarget();
                target.ImportedCap = 42;
                break;
            case "unknown question in a target":
                TranscriptTests.FillCall(message, 1, 42, 1, 1);
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
                TranscriptTests.FillCall(message, 1, 0, 1, 1);
                message.Call.Target.PromisedAnswer.InitTransform(65);
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
