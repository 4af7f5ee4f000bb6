namespace Wetware.Protocol.Queues;

/// <summary>How a topic behaves; fixed when it is made.</summary>
/// <param name="Dedupe">Whether every message needs a key, and a key once accepted is refused for ever after.</param>
/// <param name="AcceptedMax">How many messages the topic accepts in its life; 0 for no such limit.</param>
/// <param name="AttemptsMax">How many leases may end without an ack before the message is dead; 0 for no such limit.</param>
/// <param name="MessagesMax">How many messages may be alive at once; 0 for the machine's own limit.</param>
public readonly record struct TopicOptions(bool Dedupe = false, ulong AcceptedMax = 0, uint AttemptsMax = 0, ulong MessagesMax = 0)
{
    /// <summary>No dedupe, no limits of its own.</summary>
    public static TopicOptions Default => default;
}
