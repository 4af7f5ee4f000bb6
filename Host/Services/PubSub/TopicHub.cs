using System.Text;
using Wetware.Membership.Gossip;
using Wetware.Protocol;
using Wetware.Rpc;

namespace Wetware.Host.Services.PubSub;

/// <summary>The subscriptions of a node, and the way out for what is published on it. Safe for concurrent use.</summary>
/// <param name="publish">Hands a message to the cluster, this node included.</param>
internal sealed class TopicHub(Func<string, ReadOnlyMemory<byte>, Task> publish) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<TopicQueue>> _queues = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turns = new(Limits.PublicationsPendingMax);
    private int _count;
    private long _bytes;

    /// <summary>How many subscriptions there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _count;
            }
        }
    }

    /// <summary>Bytes that wait for slow subscribers.</summary>
    public long BytesKept => Volatile.Read(ref _bytes);

    /// <exception cref="RpcException">It is no name of a topic.</exception>
    public static void Check(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) is 0 or > Wetware.Membership.Limits.TopicBytesMax || name.Any(char.IsControl))
        {
            throw new RpcException($"the name of a topic has 1 to {Wetware.Membership.Limits.TopicBytesMax} bytes and no control characters");
        }
    }

    /// <summary>Publishes a message; returns when it is on its way.</summary>
    /// <exception cref="RpcException">It is too long, or the node is stopping.</exception>
    public async Task PublishAsync(string topic, ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        if (data.Length > Wetware.Membership.Limits.MessageBytesMax)
        {
            throw new RpcException($"a message has at most {Wetware.Membership.Limits.MessageBytesMax} bytes");
        }

        // What is published waits here rather than before the frames of other nodes.
        await _turns.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await publish(topic, data).ConfigureAwait(false);
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <summary>Takes in a message that came for a topic.</summary>
    public void Deliver(TopicMessage message)
    {
        lock (_lock)
        {
            if (!_queues.TryGetValue(message.Topic, out var queues))
            {
                return;
            }

            foreach (var queue in queues)
            {
                var fits = Volatile.Read(ref _bytes) + message.Data.Length <= Limits.SubscriptionsBytesMax && queue.TryEnqueue(message.Data);
                if (fits)
                {
                    Interlocked.Add(ref _bytes, message.Data.Length);
                }
                else
                {
                    queue.Lose();
                    Metrics.MessagesLost.Add(1);
                }
            }
        }
    }

    /// <summary>Begins to keep the messages of a topic; dispose of it to end that.</summary>
    /// <exception cref="RpcException">There are too many subscriptions.</exception>
    public TopicQueue Subscribe(string topic, int room)
    {
        lock (_lock)
        {
            if (_count >= Limits.SubscriptionsMax)
            {
                throw new RpcException(RpcErrorType.Overloaded, $"the node has {Limits.SubscriptionsMax} subscriptions already");
            }

            var queue = new TopicQueue(this, topic, Math.Clamp(room, 1, ProtocolLimits.SubscriptionMessagesMax));
            if (!_queues.TryGetValue(topic, out var queues))
            {
                _queues.Add(topic, queues = []);
            }

            queues.Add(queue);
            _count++;
            return queue;
        }
    }

    public void Dispose() => _turns.Dispose();

    internal void Taken(int bytes) => Interlocked.Add(ref _bytes, -bytes);

    internal void Remove(TopicQueue queue)
    {
        lock (_lock)
        {
            var queues = _queues[queue.Topic];
            queues.Remove(queue);
            _count--;
            if (queues.Count == 0)
            {
                _queues.Remove(queue.Topic);
            }
        }
    }
}
