using System.Threading.Channels;

namespace Wetware.Host.Services.PubSub;

/// <summary>What one subscriber has not taken yet. Bounded: what does not fit is lost and counted. Written under the hub's lock, read by one reader.</summary>
internal sealed class TopicQueue : IDisposable
{
    private readonly TopicHub _hub;
    private readonly Channel<ReadOnlyMemory<byte>> _messages;
    private long _lost;

    public TopicQueue(TopicHub hub, string topic, int room)
    {
        _hub = hub;
        Topic = topic;
        _messages = Channel.CreateBounded<ReadOnlyMemory<byte>>(new BoundedChannelOptions(room) { SingleReader = true, SingleWriter = true });
    }

    public string Topic { get; }

    public bool TryEnqueue(ReadOnlyMemory<byte> message) => _messages.Writer.TryWrite(message);

    public void Lose() => Interlocked.Increment(ref _lost);

    /// <summary>Waits for the next message, and says how many were lost since the one before.</summary>
    public async ValueTask<(ReadOnlyMemory<byte> Message, ulong Lost)> TakeAsync(CancellationToken cancellation)
    {
        var message = await _messages.Reader.ReadAsync(cancellation).ConfigureAwait(false);
        _hub.Taken(message.Length);
        return (message, (ulong)Interlocked.Exchange(ref _lost, 0));
    }

    public void Dispose()
    {
        _hub.Remove(this);
        while (_messages.Reader.TryRead(out var message))
        {
            _hub.Taken(message.Length);
        }
    }
}
