using System.Diagnostics;
using Wetware.Capnp;
using Wetware.Rpc.Tests.Generated;
using Wetware.Rpc.Vat.Generated;

namespace Wetware.Rpc.Tests;

using Bench = Wetware.Bench.Rpc.Generated.Bench;

/// <summary>How the context of a trace lies in a Call, and what a peer may put there instead.</summary>
[Collection(nameof(Listening))]
public sealed class TraceWireTests
{
    private const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private const ulong Magic = TraceContext.MagicOfThisStruct;

    public static TheoryData<string, bool> Foreign() => new()
    {
        { "text", false },
        { "list", false },
        { "capability", false },
        { "empty struct", false },
        { "other magic", false },
        { "only magic", false },
        { "parent is a list", false },
        { "upper case", false },
        { "too short", false },
        { "too long", false },
        { "zero trace id", false },
        { "zero span id", false },
        { "version ff", false },
        { "not hex", false },
        { "wrong dashes", false },
        { "state too long", true },
        { "state not printable", true },
        { "state is a struct", false },
        { "later version", true },
    };

    internal static void FillTrace(Message.Builder message, string parent, string? state)
    {
        var trace = message.Call.Trace.Init<TraceContext.Builder>();
        trace.Magic = Magic;
        trace.SetTraceparent(parent);
        if (state is not null)
        {
            trace.SetTracestate(state);
        }
    }

    /// <summary>The call is answered whatever it is, and carries a context only if that is one.</summary>
    [Theory]
    [MemberData(nameof(Foreign))]
    public async Task What_is_no_context_is_ignored(string kind, bool isCarried)
    {
        var server = new TracedServer();
        await using var peer = await ScriptedPeer.StartAsync(server);
        await peer.SendAsync(static message => message.InitBootstrap().QuestionId = 0);
        await peer.SendAsync(message =>
        {
            Fills.FillCall(message, 1, 0, Bench.TypeId, 0);
            FillForeign(message, kind);
        });
        Assert.StartsWith("return q0", await peer.NextAsync(), StringComparison.Ordinal);
        Assert.StartsWith("return q1 results", await peer.NextAsync(), StringComparison.Ordinal);
        Assert.Equal(isCarried, server.Carried is not null);
        Assert.Null(server.Carried?.State);
    }

    /// <summary>A pointer that leads nowhere, in the place of the field: no transcript can say that, so the bytes do.</summary>
    [Theory]
    [InlineData(0x0002_0003_7fff_fffcUL)]
    [InlineData(0x0000_0007_ffff_fffaUL)]
    [InlineData(0x0000_0000_0000_0002UL)]
    [InlineData(0xffff_ffff_ffff_fff8UL)]
    [InlineData(0xffff_ffff_ffff_ffffUL)]
    public async Task A_pointer_that_leads_nowhere_is_ignored(ulong pointer)
    {
        var server = new TracedServer();
        await using var peer = await ScriptedPeer.StartAsync(server);
        await peer.SendAsync(static message => message.InitBootstrap().QuestionId = 0);
        await peer.SendBytesAsync(CallWithTrace(pointer));
        Assert.StartsWith("return q0", await peer.NextAsync(), StringComparison.Ordinal);
        Assert.StartsWith("return q1 results", await peer.NextAsync(), StringComparison.Ordinal);
        Assert.Null(server.Carried);
    }

    [Fact]
    public async Task Only_a_call_that_is_watched_carries_a_context()
    {
        await using var peer = await ScriptedPeer.StartAsync(null);
        using var bench = peer.Connection.Bootstrap<Bench.Client>();
        await peer.NextAsync();
        using var one = bench.Ping(1);
        Assert.DoesNotContain("traced", await peer.NextAsync(), StringComparison.Ordinal);
        using var spans = new SpanCollector();
        using var two = bench.Ping(1);
        Assert.EndsWith("traced", await peer.NextAsync(), StringComparison.Ordinal);
    }

    /// <summary>The Call is made wider once its parameters are there, whatever segments those lie in.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(8_000)]
    [InlineData(1_000_000)]
    public async Task Parameters_of_any_size_arrive_with_a_context(int size)
    {
        using var spans = new SpanCollector();
        var server = new TracedServer();
        await using var pair = Pair.InMemory(server);
        using var bench = pair.Client.Bootstrap<Bench.Client>();
        var data = new byte[size];
        new Random(size).NextBytes(data);
        using var answer = bench.Echo(data);
        Assert.Equal(data, (await answer).Data.Span.ToArray());
        Assert.NotNull(server.Carried);
        using var counter = Counter.Client.Serve(new CounterServer());
    }

    [Fact]
    public async Task Capabilities_of_parameters_arrive_with_a_context()
    {
        using var spans = new SpanCollector();
        await using var pair = Pair.InMemory(new WorkerServer());
        using var worker = pair.Client.Bootstrap<Worker.Client>();
        using var counter = Counter.Client.Serve(new CounterServer());
        using var answer = worker.CallBack(counter, 3);
        Assert.Equal(2u, (await answer).Last);
        Assert.Equal(8, (await spans.TakeAsync(8)).Length);
    }

    private static void FillForeign(Message.Builder message, string kind)
    {
        var pointer = message.Call.Trace;
        switch (kind)
        {
            case "text":
                pointer.SetText(Parent);
                break;
            case "list":
                pointer.InitList(ElementSize.EightBytes, 4);
                break;
            case "capability":
                pointer.SetCapabilityIndex(0);
                break;
            case "empty struct":
                pointer.InitStruct(default);
                break;
            case "other magic":
                FillTrace(message, Parent, null);
                pointer.GetStruct(new(1, 2)).SetUInt64(0, Magic + 1);
                break;
            case "only magic":
                pointer.InitStruct(new(1, 0)).SetUInt64(0, Magic);
                break;
            case "parent is a list":
                var listed = pointer.InitStruct(new(1, 2));
                listed.SetUInt64(0, Magic);
                listed.GetPointer(0).InitList(ElementSize.EightBytes, 8);
                break;
            case "state is a struct":
                FillTrace(message, Parent, null);
                pointer.GetStruct(new(1, 2)).GetPointer(1).InitStruct(new(1, 0));
                break;
            case "state too long":
                FillTrace(message, Parent, new string('x', Limits.TraceStateBytesMax + 1));
                break;
            case "state not printable":
                FillTrace(message, Parent, "a=\n");
                break;
            default:
                FillTrace(message, Changed(kind), null);
                break;
        }
    }

    private static string Changed(string kind) => kind switch
    {
        "upper case" => Parent.ToUpperInvariant(),
        "too short" => Parent[..^1],
        "too long" => Parent + "0",
        "zero trace id" => "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "zero span id" => "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "version ff" => "ff" + Parent[2..],
        "not hex" => Parent.Replace('0', 'g'),
        "wrong dashes" => Parent.Replace('-', '0'),
        "later version" => "01" + Parent[2..],
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static byte[] CallWithTrace(ulong pointer)
    {
        const ulong Mark = 0x0123_4567_89ab_cdef;
        var message = new MessageBuilder();
        var root = message.InitRoot<Message.Builder>();
        Fills.FillCall(root, 1, 0, Bench.TypeId, 0);
        root.Call.Trace.InitStruct(new(1, 0)).SetUInt64(0, Mark);
        var segment = message.GetSegmentBytes(0).ToArray();
        // The pointer stands where the struct that it leads to says: it is the only one that leads to the mark.
        var mark = Array.FindIndex(Enumerable.Range(0, segment.Length / 8).ToArray(), i => BitConverter.ToUInt64(segment, i * 8) == Mark);
        var at = Enumerable.Range(0, mark)
            .Single(i => BitConverter.ToUInt64(segment, i * 8) == ((1UL << 32) | ((ulong)(mark - i - 1) << 2)));
        BitConverter.TryWriteBytes(segment.AsSpan(at * 8), pointer);
        var frame = new byte[8 + segment.Length];
        BitConverter.TryWriteBytes(frame.AsSpan(4), segment.Length / 8);
        segment.CopyTo(frame, 8);
        return frame;
    }
}
