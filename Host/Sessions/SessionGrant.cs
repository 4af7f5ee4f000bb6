namespace Wetware.Host.Sessions;

/// <summary>What a session holds.</summary>
[Flags]
public enum SessionGrant
{
    /// <summary>Nothing: the login is refused.</summary>
    None = 0,

    /// <summary>Queries of the routing table.</summary>
    View = 1,

    /// <summary>The replicated queues.</summary>
    Queue = 2,

    /// <summary>Crawls.</summary>
    Crawler = 4,

    /// <summary>What members of the cluster tell one another.</summary>
    Peer = 8,

    /// <summary>Running programs on the node.</summary>
    Executor = 16,

    /// <summary>Publishing to topics and subscribing to them.</summary>
    PubSub = 32,

    /// <summary>The anchors of all nodes, and through them the other nodes' part in what is granted here.</summary>
    Anchors = 64,

    /// <summary>Making channels in the memory of the node.</summary>
    Channels = 128,

    /// <summary>Listing services on the node, and finding who provides one.</summary>
    Registry = 256,

    /// <summary>All of it.</summary>
    All = View | Queue | Crawler | Peer | Executor | PubSub | Anchors | Channels | Registry,
}
