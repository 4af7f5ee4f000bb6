using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.PubSub;

/// <summary>One topic, for whoever joined it.</summary>
internal sealed class TopicServer(TopicHub hub, Pace pace, string name) : Topic.IServer
{
    public async ValueTask PublishAsync(CallContext<Topic.PublishParams.Reader, StreamResult.Builder> call)
    {
        // Later calls of this stream wait with it, and its window makes the publisher wait: what is too fast is slowed down rather than refused.
        await pace.WaitAsync(call.Cancellation).ConfigureAwait(false);
        await hub.PublishAsync(name, call.Params.Msg.ToArray(), call.Cancellation).ConfigureAwait(false);
    }

    public async ValueTask SubscribeAsync(CallContext<Topic.SubscribeParams.Reader, Topic.SubscribeResults.Builder> call)
    {
        using var consumer = call.Params.Consumer.AddRef();
        using var queue = hub.Subscribe(name, call.Params.Buf);
        while (true)
        {
            var (message, lost) = await queue.TakeAsync(call.Cancellation).ConfigureAwait(false);
            // The stream's own window is what makes this wait for a slow consumer.
            await consumer.ConsumeAsync(message.Span, lost).ConfigureAwait(false);
        }
    }

    public ValueTask NameAsync(CallContext<Topic.NameParams.Reader, Topic.NameResults.Builder> call)
    {
        call.Results.SetName(name);
        return ValueTask.CompletedTask;
    }
}
