namespace Wetware.Host.Services.PubSub;

/// <summary>The limits of pub-sub topics; each with its unit and its reason.</summary>
internal static class Limits
{
    /// <summary>Subscriptions of one node; each is a call under way.</summary>
    public const int SubscriptionsMax = 16_384;

    /// <summary>Bytes that all subscriptions of one node keep for slow consumers; what comes beyond is dropped and counted.</summary>
    public const long SubscriptionsBytesMax = 64L << 20;

    /// <summary>Publications of one node that wait for the gossip loop at once, among the frames of its peers: signing one takes about a tenth of a millisecond.</summary>
    public const int PublicationsPendingMax = 16;
}
