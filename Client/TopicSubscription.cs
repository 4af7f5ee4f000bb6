using Wetware.Core;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Client;

/// <summary>A subscription to a topic; dispose of it to end it.</summary>
public sealed class TopicSubscription : IDisposable
{
    // Beyond them the node keeps what comes, and then drops it.
    private const int ItemsMax = 256;

    private readonly Inflow<TopicMessage> _messages = new(ItemsMax);
    private readonly Answer<Topic.SubscribeResults.Reader, NoPipeline> _call;

    internal TopicSubscription(Topic.Client topic, ushort room)
    {
        using var consumer = Topic.Consumer.Client.Serve(new Consumer(_messages));
        _call = topic.Subscribe(consumer, room);
        _ = _messages.CompleteAsync(_call.Untyped);
    }

    /// <summary>The messages as they come. To be read once.</summary>
    /// <exception cref="WetwareException">The node refused or was lost; thrown after what came before.</exception>
    public IAsyncEnumerable<TopicMessage> ReadAsync(CancellationToken cancellation = default) => _messages.ReadAsync(cancellation);

    /// <summary>Ends it.</summary>
    public void Dispose() => _call.Dispose();

    private sealed class Consumer(Inflow<TopicMessage> messages) : Topic.Consumer.IServer
    {
        public ValueTask ConsumeAsync(CallContext<Topic.Consumer.ConsumeParams.Reader, StreamResult.Builder> call) =>
            messages.TakeAsync(call.Untyped, new TopicMessage(call.Params.Msg.ToArray(), call.Params.Lost));
    }
}
