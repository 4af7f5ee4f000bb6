namespace Wetware.Protocol;

/// <summary>The bounds that nodes keep and clients should know.</summary>
public static class ProtocolLimits
{
    /// <summary>Messages that a node keeps for one subscription whose reader is slow. It drops the oldest beyond them, and counts what it dropped.</summary>
    public const int SubscriptionMessagesMax = 1_024;
}
