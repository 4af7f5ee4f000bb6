using Wetware.Core;
using Wetware.Host.Anchors;
using Wetware.Host.Protocol;

namespace Wetware.Host.Sessions;

/// <summary>Who the node is, and the capabilities that it can hand out. Owns the references.</summary>
internal sealed class NodeServices : IDisposable
{
    public required PeerId Peer { get; init; }

    public required ServerId Server { get; init; }

    public required string Namespace { get; init; }

    public required string HostName { get; init; }

    public required View.Client View { get; init; }

    public required QueueService.Client Queue { get; init; }

    public required CrawlService.Client Crawler { get; init; }

    public required Protocol.Consensus.Client Consensus { get; init; }

    public required Gossip.Client Gossip { get; init; }

    public required Protocol.Channels.Client Channels { get; init; }

    /// <summary>The registers of this node.</summary>
    public required AnchorTree Anchors { get; init; }

    public required IHosts Hosts { get; init; }

    /// <summary>Makes what a new session of an account has for itself. The caller disposes of it.</summary>
    public required Func<PeerId, SessionCapabilities> NewSession { get; init; }

    /// <summary>Hands out what a policy grants.</summary>
    /// <param name="session">The message that it is lent to.</param>
    /// <param name="grant">What is granted.</param>
    /// <param name="executor">The session's executor.</param>
    /// <param name="topics">The session's topics.</param>
    /// <param name="registry">The session's registry.</param>
    /// <param name="anchor">The session's root of anchors.</param>
    public void Write(Session.Builder session, SessionGrant grant, Executor.Client executor, Router.Client topics, Registry.Client registry, Anchor.Client anchor)
    {
        var local = session.InitLocal();
        local.SetPeer(Peer.Bytes);
        local.Server = Server.Value;
        local.SetHost(HostName);
        local.SetVersion(WetwareOptions.Version);
        session.SetView(grant.HasFlag(SessionGrant.View) ? View : default);
        session.SetQueue(grant.HasFlag(SessionGrant.Queue) ? Queue : default);
        session.SetCrawler(grant.HasFlag(SessionGrant.Crawler) ? Crawler : default);
        session.SetExecutor(grant.HasFlag(SessionGrant.Executor) ? executor : default);
        session.SetPubSub(grant.HasFlag(SessionGrant.PubSub) ? topics : default);
        session.SetAnchor(grant.HasFlag(SessionGrant.Anchors) ? anchor : default);
        session.SetRegistry(grant.HasFlag(SessionGrant.Registry) ? registry : default);
        session.SetChannels(grant.HasFlag(SessionGrant.Channels) ? Channels : default);
        session.SetConsensus(grant.HasFlag(SessionGrant.Peer) ? Consensus : default);
        session.SetGossip(grant.HasFlag(SessionGrant.Peer) ? Gossip : default);
    }

    public void Dispose()
    {
        View.Dispose();
        Queue.Dispose();
        Crawler.Dispose();
        Consensus.Dispose();
        Gossip.Dispose();
        Channels.Dispose();
    }
}
