using Wetware.Protocol.Queues;

namespace Wetware.Queue;

/// <summary>Hands out messages for a time.</summary>
/// <param name="state">What holds them.</param>
/// <param name="reply">Gets them.</param>
internal sealed class LeaseHandler(QueueState state, ReplyWriter reply)
{
    private readonly int[] _leased = new int[QueueLimits.LeaseCountMax];

    /// <summary>Leases messages that are ready, as many as may be.</summary>
    public void Lease(scoped in CommandReader command)
    {
        var visibility = command.LeaseVisibility;
        if (visibility is 0 or > (uint)QueueLimits.DelayMillisecondsMax || command.LeaseCount > QueueLimits.LeaseCountMax)
        {
            reply.Status(QueueStatus.Malformed, 0, state.Clock);
            return;
        }

        if (state.Find(command.LeaseTopic) is not { } topic)
        {
            reply.Status(QueueStatus.TopicUnknown, 0, state.Clock);
            return;
        }

        var bytesMax = command.LeaseBytes is 0 or > QueueLimits.LeaseBytesMax ? QueueLimits.LeaseBytesMax : (int)command.LeaseBytes;
        var count = 0;
        var bytes = 0;
        while (count < command.LeaseCount && topic.ReadyHead != 0)
        {
            bytes += state.Messages[topic.ReadyHead].Payload.Length;
            if (count > 0 && bytes > bytesMax)
            {
                break;
            }

            _leased[count++] = state.LeaseNext(topic, visibility);
        }

        reply.BeginMessages(count, state.Clock);
        for (var i = 0; i < count; i++)
        {
            ref readonly var message = ref state.Messages[_leased[i]];
            reply.Message(i, message, state.Payloads.Read(message.Payload));
        }

        reply.Finish();
    }
}
