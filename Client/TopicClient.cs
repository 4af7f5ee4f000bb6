using Wetware.Core;
using Wetware.Protocol;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Client;

/// <summary>
/// The topics of a cluster: what is published to one reaches all who subscribe to it, wherever they are, at most once, and in no order across publishers.
/// Safe for concurrent use. Every method throws <see cref="WetwareException"/> when the node refuses or is lost.
/// </summary>
public sealed class TopicClient
{
    private readonly Router.Client _router;

    internal TopicClient(Router.Client router) => _router = router;

    /// <summary>Publishes one message; returns when it is on its way.</summary>
    /// <param name="topic">The topic: 1 to 255 bytes without control characters.</param>
    /// <param name="message">At most 32 KiB.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task PublishAsync(string topic, ReadOnlyMemory<byte> message, CancellationToken cancellation = default) => RpcFailures.TranslateAsync(async () =>
    {
        using var joined = await JoinAsync(topic, cancellation).ConfigureAwait(false);
        await joined.PublishAsync(message.Span).ConfigureAwait(false);
        await joined.Capability.WhenStreamIdleAsync().WaitAsync(cancellation).ConfigureAwait(false);
        return true;
    });

    /// <summary>Subscribes to a topic. What is published after this has returned is delivered.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="room">Messages that the node keeps while the subscriber is slow, 1 to 1024; what comes beyond is lost and counted.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<TopicSubscription> SubscribeAsync(string topic, int room = 32, CancellationToken cancellation = default) => RpcFailures.TranslateAsync(async () =>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(room, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(room, ProtocolLimits.SubscriptionMessagesMax);
        using var joined = await JoinAsync(topic, cancellation).ConfigureAwait(false);
        var subscription = new TopicSubscription(joined, (ushort)room);
        try
        {
            // Calls arrive in order: when this one is answered, the subscription is there.
            using var name = joined.Name(cancellation);
            await name;
            return subscription;
        }
        catch
        {
            subscription.Dispose();
            throw;
        }
    });

    private async Task<Topic.Client> JoinAsync(string topic, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(topic);
        if (_router.Capability is null or { IsNull: true })
        {
            throw new WetwareException("the session grants no topics");
        }

        using var answer = _router.Join(topic, cancellation);
        return (await answer).Topic.AddRef();
    }
}
