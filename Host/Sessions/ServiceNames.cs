namespace Wetware.Host.Sessions;

/// <summary>The names of the services that every node has. An embedding program may add others.</summary>
public static class ServiceNames
{
    /// <summary>Queries of the routing table.</summary>
    public const string View = "view";

    /// <summary>The replicated queues.</summary>
    public const string Queues = "queues";

    /// <summary>Crawls.</summary>
    public const string Crawls = "crawls";

    /// <summary>What members of the cluster tell one another.</summary>
    public const string Members = "members";

    /// <summary>Running programs on the node.</summary>
    public const string Processes = "processes";

    /// <summary>Publishing to the topics of gossip, and subscribing to them.</summary>
    public const string PubSub = "pubsub";

    /// <summary>The anchors of all nodes, and through them the other nodes' part in what is granted here.</summary>
    public const string Anchors = "anchors";

    /// <summary>Making channels in the memory of the node.</summary>
    public const string Channels = "channels";

    /// <summary>Listing services on the node, and finding who provides one.</summary>
    public const string Registry = "registry";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [View, Queues, Crawls, Members, Processes, PubSub, Anchors, Channels, Registry];
}
