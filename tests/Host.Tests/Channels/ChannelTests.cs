using System.Buffers.Binary;
using System.Text;
using Wetware.Capnp;
using Wetware.Client;
using Wetware.Core;
using Wetware.Host.Services.Channels;
using Wetware.Protocol;
using Wetware.Protocol.Wire;
using Wetware.Rpc;
using Wetware.Rpc.Transport;
using Wetware.Testing;

namespace Wetware.Host.Tests.Channels;

/// <summary>Channels of one node over connections in memory.</summary>
public sealed class ChannelTests : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly ChannelHub _hub = new();
    private readonly List<IAsyncDisposable> _connections = [];
    private readonly List<IDisposable> _references = [];

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _references.ForEach(reference => reference.Dispose());
        foreach (var connection in Enumerable.Reverse(_connections))
        {
            await connection.DisposeAsync();
        }

        _connections.Clear();
    }

    [Fact]
    public async Task Without_a_buffer_a_send_returns_when_its_value_was_handed_over_and_not_before()
    {
        var (live, sender, receiver) = Make(0);
        var sends = Enumerable.Range(0, 3).Select(i => sender.SendAsync(Text($"{i}"), Limit)).ToArray();
        await UntilAsync(() => live.WaitingSends == 3);
        for (var i = 0; i < 3; i++)
        {
            Assert.False(sends[i].IsCompleted);
            Assert.Equal($"{i}", await NextAsync(receiver));
            await sends[i].WaitAsync(s_patience, Limit);
            Assert.Equal(2 - i, live.WaitingSends);
        }

        var receive = NextAsync(receiver);
        await UntilAsync(() => live.WaitingReceives == 1);
        await sender.SendAsync(Text("late"), Limit).WaitAsync(s_patience, Limit);
        Assert.Equal("late", await receive);
    }

    [Fact]
    public async Task A_buffer_takes_so_many_values_and_bytes_and_then_senders_wait_in_their_order()
    {
        var (live, sender, receiver) = Make(2);
        await sender.SendAsync(Text("0"), Limit);
        await sender.SendAsync(Text("1"), Limit);
        var third = sender.SendAsync(Text("2"), Limit);
        var fourth = sender.SendAsync(Text("3"), Limit);
        await UntilAsync(() => live.WaitingSends == 2);
        Assert.Equal("0", await NextAsync(receiver));
        await third.WaitAsync(s_patience, Limit);
        Assert.False(fourth.IsCompleted);
        Assert.Equal(["1", "2", "3"], [await NextAsync(receiver), await NextAsync(receiver), await NextAsync(receiver)]);
        await fourth.WaitAsync(s_patience, Limit);

        (live, sender, receiver) = Make(100, bytes: 3_000);
        await sender.SendAsync(new byte[1_000], Limit);
        await sender.SendAsync(new byte[1_000], Limit);
        var waits = sender.SendAsync(new byte[1_000], Limit);
        await UntilAsync(() => live.WaitingSends == 1);
        using (await receiver.ReceiveAsync(Limit))
        {
            await waits.WaitAsync(s_patience, Limit);
        }
    }

    [Fact]
    public async Task A_send_that_is_called_off_while_it_waits_has_sent_nothing_and_a_receive_has_taken_nothing()
    {
        var (live, sender, receiver) = Make(0);
        using var stop = new CancellationTokenSource();
        var given = sender.SendAsync(Text("given up"), stop.Token);
        var kept = sender.SendAsync(Text("kept"), Limit);
        await UntilAsync(() => live.WaitingSends == 2);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        await UntilAsync(() => live.WaitingSends == 1);
        Assert.Equal("kept", await NextAsync(receiver));
        await kept.WaitAsync(s_patience, Limit);

        using var leave = new CancellationTokenSource();
        var left = receiver.ReceiveAsync(leave.Token);
        await UntilAsync(() => live.WaitingReceives == 1);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await UntilAsync(() => live.WaitingReceives == 0);
        var last = sender.SendAsync(Text("last"), Limit);
        Assert.Equal("last", await NextAsync(receiver));
        await last.WaitAsync(s_patience, Limit);
    }

    [Fact]
    public async Task A_receiver_whose_connection_is_lost_while_it_waits_takes_nothing_with_it()
    {
        var (live, sender, receiver) = Make(0);
        var (connection, doomed) = Connect(live);
        var lost = doomed.ReceiveAsync(Limit);
        await UntilAsync(() => live.WaitingReceives == 1);
        await connection.DisposeAsync();
        await Assert.ThrowsAsync<WetwareException>(() => lost);
        await UntilAsync(() => live.WaitingReceives == 0);
        var send = sender.SendAsync(Text("x"), Limit);
        Assert.Equal("x", await NextAsync(receiver));
        await send.WaitAsync(s_patience, Limit);
    }

    [Fact]
    public async Task What_a_taker_cannot_take_stays_the_oldest_and_its_sender_goes_on_waiting()
    {
        var live = _hub.Make(0, 0).Use();
        var send = live.SendAsync(Value("x"), Limit).AsTask();
        await Assert.ThrowsAsync<InvalidDataException>(async () => await live.ReceiveAsync(_ => throw new InvalidDataException(), Limit));
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await live.ReceiveAsync(_ => Assert.Fail("handed to nobody"), gone.Token));
        Assert.False(send.IsCompleted);
        Assert.Equal(1, live.WaitingSends);
        var isTaken = false;
        await live.ReceiveAsync(_ => isTaken = true, Limit);
        Assert.True(isTaken);
        await send.WaitAsync(s_patience, Limit);
        live.Release();
        Assert.Equal((0, 0L), (_hub.Count, _hub.Bytes));
    }

    [Fact]
    public async Task A_closed_channel_gives_what_is_left_and_then_says_so()
    {
        var (live, sender, receiver) = Make(2);
        await sender.SendAsync(Text("0"), Limit);
        await sender.SendAsync(Text("1"), Limit);
        var waits = sender.SendAsync(Text("2"), Limit);
        await UntilAsync(() => live.WaitingSends == 1);
        await sender.CloseAsync(Limit);
        await Assert.ThrowsAsync<RemoteChannelClosedException>(() => waits);
        await Assert.ThrowsAsync<RemoteChannelClosedException>(() => sender.SendAsync(Text("3"), Limit));
        await Assert.ThrowsAsync<RemoteChannelClosedException>(() => sender.CloseAsync(Limit));
        var left = await receiver.ReceiveAllAsync(Limit).Select(item => Encoding.UTF8.GetString(item.Data.Span)).ToListAsync(Limit);
        Assert.Equal(["0", "1"], left);
        Assert.Equal("the channel is closed", (await Assert.ThrowsAsync<RemoteChannelClosedException>(() => receiver.ReceiveAsync(Limit))).Message);

        (live, sender, receiver) = Make(0);
        var asks = receiver.ReceiveAsync(Limit);
        await UntilAsync(() => live.WaitingReceives == 1);
        await sender.CloseAsync(Limit);
        await Assert.ThrowsAsync<RemoteChannelClosedException>(() => asks);
    }

    [Fact]
    public async Task A_capability_goes_through_and_is_let_go_of_with_the_channel_it_lies_in()
    {
        var (_, sender, receiver) = Make(2);
        var dropped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (var process = Process.Client.Serve(new Answering(dropped)))
        {
            await sender.SendAsync(process.Capability, Limit);
            await sender.SendAsync(process.Capability, Limit);
        }

        using (var item = await receiver.ReceiveAsync(Limit))
        using (var wait = new Process.Client(item.Capability!).Wait(Limit))
        {
            Assert.Equal(77u, (await wait).ExitCode);
        }

        Assert.False(dropped.Task.IsCompleted);
        Assert.True(_hub.Bytes > 0);
        await DisposeAsync();
        await dropped.Task.WaitAsync(s_patience, Limit);
        await UntilAsync(() => _hub.Count == 0);
        Assert.Equal(0, _hub.Bytes);
    }

    [Fact]
    public async Task A_restricted_reference_can_do_nothing_else_whatever_it_is_taken_for()
    {
        var (_, sender, receiver) = Make(4);
        using var sends = await sender.RestrictAsync(ChannelRights.Send, Limit);
        using var both = await sender.RestrictAsync(ChannelRights.SendAndClose, Limit);
        using var closes = await both.RestrictAsync(ChannelRights.Close, Limit);
        using var receives = await sender.RestrictAsync(ChannelRights.Receive, Limit);
        using var less = await both.RestrictAsync(ChannelRights.Send, Limit);
        await sends.SendAsync(Text("a"), Limit);
        await less.SendAsync(Text("b"), Limit);
        Assert.Equal(["a", "b"], [await NextAsync(receives), await NextAsync(receiver)]);
        foreach (var (reference, can) in new[] { (sends, "send"), (both, "send close"), (closes, "close"), (receives, "recv"), (less, "send") })
        {
            await RefusesAsync(!can.Contains("send", StringComparison.Ordinal), () => reference.SendAsync(Text("x"), Limit));
            await RefusesAsync(can != "recv", () => reference.ReceiveAsync(Limit));
            await RefusesAsync(!can.Contains("close", StringComparison.Ordinal), () => reference.CloseAsync(Limit));
            await RefusesAsync(true, () => reference.RestrictAsync(ChannelRights.Receive, Limit));
        }

        await closes.CloseAsync(Limit);
        await Assert.ThrowsAsync<RemoteChannelClosedException>(() => sends.SendAsync(Text("c"), Limit));

        static async Task RefusesAsync(bool refuses, Func<Task> call)
        {
            if (refuses)
            {
                Assert.Contains("the reference does not allow that", (await Assert.ThrowsAsync<WetwareException>(call)).Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Every_limit_is_held_and_said()
    {
        Says("a channel buffers at most 65536 values", () => _hub.Make(Host.Services.Channels.Limits.ChannelItemsMax + 1, 0));
        Says("a channel buffers at most 16777216 bytes", () => _hub.Make(1, ulong.MaxValue));
        var (live, sender, _) = Make(1);
        var failure = await Assert.ThrowsAsync<WetwareException>(() => sender.SendAsync(new byte[Host.Services.Channels.Limits.ChannelValueBytesMax], Limit));
        Assert.Contains("a value of a channel has at most 1048576 bytes", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, _hub.Bytes);

        using var stop = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, Host.Services.Channels.Limits.ChannelWaitersMax + 1).Select(_ => live.SendAsync(Value("x"), stop.Token).AsTask()).ToArray();
        Assert.Equal(Host.Services.Channels.Limits.ChannelWaitersMax, live.WaitingSends);
        var overloaded = await Assert.ThrowsAsync<RpcException>(async () => await live.SendAsync(Value("x"), Limit));
        Assert.Equal((RpcErrorType.Overloaded, "1024 sends wait at the channel already"), (overloaded.Type, overloaded.Message));
        await stop.CancelAsync();
        await Task.WhenAll(waiting).ContinueWith(_ => { }, TaskScheduler.Default);

        var channels = Enumerable.Range(0, Host.Services.Channels.Limits.ChannelsMax - _hub.Count).Select(_ => _hub.Make(0, 0).Use()).ToArray();
        Says("the node has 16384 channels already", () => _hub.Make(0, 0));
        foreach (var channel in channels)
        {
            channel.Release();
        }

        static void Says(string what, Action act) => Assert.Contains(what, Assert.Throws<RpcException>(act).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_channels_of_a_node_together_hold_so_many_bytes_and_no_more()
    {
        var live = _hub.Make(1_000, 0).Use();
        var other = _hub.Make(1_000, 0).Use();
        using var stop = new CancellationTokenSource();
        var sends = new List<Task>();
        RpcException? refused = null;
        while (refused is null)
        {
            var send = (sends.Count % 2 == 0 ? live : other).SendAsync(HeldValue.From(Pointer(message => message.SetData(new byte[1_000_000]))), stop.Token).AsTask();
            refused = send.Exception?.InnerException as RpcException;
            sends.Add(send);
        }

        Assert.Equal(RpcErrorType.Overloaded, refused.Type);
        Assert.InRange(_hub.Bytes, Host.Services.Channels.Limits.ChannelsBytesMax - 1_100_000, Host.Services.Channels.Limits.ChannelsBytesMax);
        await stop.CancelAsync();
        await Task.WhenAll(sends).ContinueWith(_ => { }, TaskScheduler.Default);
        live.Release();
        other.Release();
        Assert.Equal((0, 0L), (_hub.Count, _hub.Bytes));
    }

    [Fact]
    public void A_short_message_that_reads_as_a_long_one_is_refused_before_it_is_copied()
    {
        // A list of 1,000 pointers to the same 64 KiB: 72 KB that would be copied as 64 MB.
        const int Pointers = 1_000;
        const int Bytes = 64 << 10;
        var words = new byte[(1 + Pointers + (Bytes / 8)) * 8];
        Word(0, 1UL | ((6UL | ((ulong)Pointers << 3)) << 32));
        for (var i = 0; i < Pointers; i++)
        {
            Word(1 + i, 1UL | ((ulong)(Pointers - 1 - i) << 2) | ((2UL | ((ulong)Bytes << 3)) << 32));
        }

        using var message = new MessageReader();
        message.OpenSegment(words);
        Assert.Equal(Pointers, message.Root.GetList().Count);
        var refused = Assert.Throws<RpcException>(() => HeldValue.From(message.Root));
        Assert.Contains("at most 1048576 bytes", refused.Message, StringComparison.Ordinal);

        void Word(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(words.AsSpan(at * 8), value);
    }

    [Fact]
    public async Task Many_who_send_receive_and_give_up_at_once_lose_nothing_and_double_nothing()
    {
        const int Senders = 4;
        const int Receivers = 4;
        const int Each = 300;
        var random = new Prng(Property.Seed());
        var live = _hub.Make(3, 0).Use();
        var received = new System.Collections.Concurrent.ConcurrentBag<string>();
        var sent = new System.Collections.Concurrent.ConcurrentBag<string>();
        var seeds = Enumerable.Range(0, Senders + Receivers).Select(_ => random.Next()).ToArray();
        var receivers = Enumerable.Range(0, Receivers).Select(i => Task.Run(
            async () =>
            {
                var luck = new Prng(seeds[Senders + i]);
                while (true)
                {
                    using var stop = Impatient(luck.Next());
                    try
                    {
                        await live.ReceiveAsync(value => received.Add(Read(value)), stop.Token);
                    }
                    catch (OperationCanceledException)
                    {
                        // It tries again.
                    }
                    catch (RpcException closed) when (closed.Message == ChannelFault.Closed)
                    {
                        return;
                    }
                }
            },
            Limit)).ToArray();
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(i => Task.Run(
            async () =>
            {
                var luck = new Prng(seeds[i]);
                for (var n = 0; n < Each; n++)
                {
                    using var stop = Impatient(luck.Next());
                    try
                    {
                        await live.SendAsync(Value($"{i}/{n}"), stop.Token);
                        sent.Add($"{i}/{n}");
                    }
                    catch (OperationCanceledException)
                    {
                        // It was not sent.
                    }
                }
            },
            Limit))).WaitAsync(s_patience, Limit);
        live.Close();
        await Task.WhenAll(receivers).WaitAsync(s_patience, Limit);
        Assert.Equal(sent.Order(), received.Order());
        Assert.Equal(0, _hub.Bytes);
        live.Release();

        static CancellationTokenSource Impatient(ulong drawn)
        {
            var stop = new CancellationTokenSource();
            switch (drawn % 8)
            {
                case 0:
                    stop.Cancel();
                    break;
                case 1:
                    _ = Task.Run(stop.Cancel, CancellationToken.None);
                    break;
            }

            return stop;
        }
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static async Task<string> NextAsync(RemoteChannel channel)
    {
        using var item = await channel.ReceiveAsync(Limit).WaitAsync(s_patience, Limit);
        return Encoding.UTF8.GetString(item.Data.Span);
    }

    private static PointerReader Pointer(Action<PointerBuilder> write)
    {
        var message = new MessageBuilder();
        write(message.Root);
        return message.AsReader();
    }

    private static HeldValue Value(string text) => HeldValue.From(Pointer(root => root.SetData(Text(text))));

    private static string Read(HeldValue value)
    {
        using var message = new MessageBuilder();
        value.Write(message.Root);
        return Encoding.UTF8.GetString(message.AsReader().GetData().Span);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var limit = new CancellationTokenSource(s_patience);
        while (!holds())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>A channel, and two ends of it that are connected each by a connection of its own.</summary>
    private (LiveChannel Live, RemoteChannel Sender, RemoteChannel Receiver) Make(int items, ulong bytes = 0)
    {
        var live = _hub.Make((uint)items, bytes);
        var (_, sender) = Connect(live);
        var (_, receiver) = Connect(live);
        return (live, sender, receiver);
    }

    private (RpcConnection Connection, RemoteChannel Channel) Connect(LiveChannel live)
    {
        var (here, there) = Transports.InMemory();
        using var served = Chan.Client<PointerReader, PointerBuilder>.Serve(new ChanServer(live));
        _connections.Add(RpcConnection.Start(there, RpcOptions.Default with { Bootstrap = served.Capability }));
        var connection = RpcConnection.Start(here);
        _connections.Add(connection);
        var channel = new RemoteChannel(connection.Bootstrap<Chan.Client<PointerReader, PointerBuilder>>());
        _references.Add(channel);
        return (connection, channel);
    }

    private sealed class Answering(TaskCompletionSource dropped) : Process.IServer, IDisposable
    {
        public ValueTask WaitAsync(CallContext<Process.WaitParams.Reader, Process.WaitResults.Builder> call)
        {
            call.Results.ExitCode = 77;
            return ValueTask.CompletedTask;
        }

        public void Dispose() => dropped.TrySetResult();
    }
}
