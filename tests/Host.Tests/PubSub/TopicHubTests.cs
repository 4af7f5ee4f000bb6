using System.Text;
using Wetware.Client;
using Wetware.Core;
using Wetware.Host.Services.PubSub;
using Wetware.Membership.Gossip;
using Wetware.Protocol.Wire;
using Wetware.Rpc;
using Wetware.Rpc.Transport;
using TopicMessage = Wetware.Membership.Gossip.TopicMessage;

namespace Wetware.Host.Tests.PubSub;

/// <summary>Topics of one node over a connection in memory; what is published comes straight back, as the cluster would bring it.</summary>
public sealed class TopicHubTests : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly TopicHub _hub;
    private readonly RpcConnection _server;
    private readonly RpcConnection _client;
    private readonly Router.Client _router;
    private readonly TopicClient _topics;
    private ulong _number;

    public TopicHubTests()
    {
        _hub = new TopicHub((topic, data) =>
        {
            Deliver(topic, data);
            return Task.CompletedTask;
        });
        var (here, there) = Transports.InMemory();
        using var served = Router.Client.Serve(new RouterServer(_hub, new Pace(1_000_000)));
        _server = RpcConnection.Start(there, RpcOptions.Default with { Bootstrap = served.Capability });
        _client = RpcConnection.Start(here);
        _router = _client.Bootstrap<Router.Client>();
        _topics = new TopicClient(_router);
    }

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _router.Dispose();
        await _client.DisposeAsync();
        await _server.DisposeAsync();
        _hub.Dispose();
    }

    [Fact]
    public async Task What_is_published_reaches_all_subscribers_of_the_topic_in_order_and_nobody_else()
    {
        using var one = await _topics.SubscribeAsync("news", 100, Limit);
        using var two = await _topics.SubscribeAsync("news", 100, Limit);
        using var other = await _topics.SubscribeAsync("olds", 100, Limit);
        for (var i = 0; i < 50; i++)
        {
            await _topics.PublishAsync("news", Encoding.UTF8.GetBytes($"{i}"), Limit);
        }

        await _topics.PublishAsync("olds", "end"u8.ToArray(), Limit);
        var expected = Enumerable.Range(0, 50).Select(i => $"{i}").ToArray();
        Assert.Equal(expected, await one.TakeAsync(50));
        Assert.Equal(expected, await two.TakeAsync(50));
        Assert.Equal(["end"], await other.TakeAsync(1));
    }

    [Fact]
    public async Task A_subscription_ends_with_its_call_and_leaves_nothing_behind()
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (var joined = _router.Join("t", Limit))
        using (var consumer = Topic.Consumer.Client.Serve(new Watched(gone)))
        using (joined.Pipeline.Topic.Subscribe(consumer, 1, Limit))
        using (var name = joined.Pipeline.Topic.Name(Limit))
        {
            await name;
            Assert.Equal(1, _hub.Count);
        }

        // The node lets go of the consumer after it has let go of the queue.
        await gone.Task.WaitAsync(s_patience, Limit);
        Assert.Equal(0, _hub.Count);
    }

    [Fact]
    public async Task What_does_not_fit_is_lost_and_counted_where_it_is_missing()
    {
        using var queue = _hub.Subscribe("t", 4);
        for (var i = 0; i < 10; i++)
        {
            Deliver("t", Encoding.UTF8.GetBytes($"{i}"));
        }

        Assert.Equal(("0", 6ul), await NextAsync());
        Assert.Equal(("1", 0ul), await NextAsync());
        Deliver("t", "later"u8.ToArray());
        Assert.Equal([("2", 0ul), ("3", 0ul), ("later", 0ul)], [await NextAsync(), await NextAsync(), await NextAsync()]);

        async Task<(string, ulong)> NextAsync()
        {
            var (message, lost) = await queue.TakeAsync(Limit);
            return (Encoding.UTF8.GetString(message.Span), lost);
        }
    }

    [Fact]
    public async Task A_subscriber_that_does_not_come_back_costs_bounded_memory_and_every_message_is_either_delivered_or_counted()
    {
        const int Messages = 20_000;
        var consumer = new Slow(Messages + 1);
        using var served = Topic.Consumer.Client.Serve(consumer);
        using var joined = _router.Join("t", Limit);
        using var call = joined.Pipeline.Topic.Subscribe(served, 4, Limit);
        using var name = joined.Pipeline.Topic.Name(Limit);
        await name;
        for (var i = 0; i < Messages; i++)
        {
            Deliver("t", new byte[4 << 10]);
        }

        // Four that wait, and one that is being taken.
        Assert.InRange(_hub.BytesKept, 0L, 5L * (4 << 10));
        consumer.Go.SetResult();
        // What is lost is told with the next message that is not.
        while (!consumer.All.Task.IsCompleted)
        {
            var next = consumer.Next;
            Deliver("t", default);
            await Task.WhenAny(next, consumer.All.Task).WaitAsync(s_patience, Limit);
        }

        Assert.InRange(consumer.Lost, 1ul, (ulong)Messages);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    [InlineData("a\0")]
    public async Task What_is_no_name_is_refused(string name)
    {
        var refused = await Assert.ThrowsAsync<WetwareException>(() => _topics.PublishAsync(name, default, Limit));
        Assert.Equal("the name of a topic has 1 to 255 bytes and no control characters", refused.Message);
    }

    [Fact]
    public void Subscriptions_and_what_they_keep_are_bounded_for_the_node()
    {
        var message = new byte[Wetware.Membership.Limits.MessageBytesMax];
        var fitting = (int)(Host.Services.PubSub.Limits.SubscriptionsBytesMax / message.Length);
        var queues = new List<TopicQueue>();
        try
        {
            for (var i = 0; i < Host.Services.PubSub.Limits.SubscriptionsMax; i++)
            {
                queues.Add(_hub.Subscribe("t", 1));
            }

            var refused = Assert.Throws<RpcException>(() => _hub.Subscribe("other", 1));
            Assert.Equal("the node has 16384 subscriptions already", refused.Message);

            // All of them share one message; it counts for each that keeps it.
            Deliver("t", message);
            Assert.Equal((long)fitting * message.Length, _hub.BytesKept);
        }
        finally
        {
            queues.ForEach(queue => queue.Dispose());
        }

        Assert.Equal((0, 0L), (_hub.Count, _hub.BytesKept));
    }

    [Fact]
    public async Task A_pace_lets_one_second_s_worth_through_at_once_and_the_rest_evenly()
    {
        const int PerSecond = 40;
        var pace = new Pace(PerSecond);
        var began = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < PerSecond + (PerSecond / 2); i++)
        {
            await pace.WaitAsync(Limit);
        }

        Assert.True(TimeProvider.System.GetElapsedTime(began) >= TimeSpan.FromMilliseconds(500), "half a second's worth more takes half a second");
        using var stop = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, 100 * PerSecond).Select(_ => pace.WaitAsync(stop.Token)).ToArray()[^1];
        Assert.False(waiting.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Names_and_messages_are_bounded()
    {
        await _topics.PublishAsync(new string('x', 255), new byte[32 << 10], Limit);
        await Assert.ThrowsAsync<WetwareException>(() => _topics.PublishAsync(new string('x', 256), default, Limit));
        var refused = await Assert.ThrowsAsync<WetwareException>(() => _topics.PublishAsync("x", new byte[(32 << 10) + 1], Limit));
        Assert.Equal("a message has at most 32768 bytes", refused.Message);
    }

    private void Deliver(string topic, ReadOnlyMemory<byte> data) =>
        _hub.Deliver(new TopicMessage(new MessageId(1, Interlocked.Increment(ref _number)), topic, data, default));

    /// <summary>Does not come back from its first message until it is told to, and says when it has heard of so many.</summary>
    private sealed class Slow(ulong expected) : Topic.Consumer.IServer
    {
        private ulong _heard;
        private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource All { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes with the next message.</summary>
        public Task Next => Volatile.Read(ref _next).Task;

        public ulong Lost { get; private set; }

        public async ValueTask ConsumeAsync(CallContext<Topic.Consumer.ConsumeParams.Reader, StreamResult.Builder> call)
        {
            var lost = call.Params.Lost;
            await Go.Task;
            Lost += lost;
            _heard += 1 + lost;
            if (_heard >= expected)
            {
                All.TrySetResult();
            }

            Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        }
    }

    private sealed class Watched(TaskCompletionSource gone) : Topic.Consumer.IServer, IDisposable
    {
        public void Dispose() => gone.TrySetResult();
    }
}
