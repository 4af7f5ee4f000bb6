using Wetware.Core;
using Wetware.Host.Client;
using Wetware.Host.Protocol;
using Wetware.Rpc;

namespace Wetware.Host.Sessions;

/// <summary>The capabilities of a session that came in a message, to be passed on. Owns references of its own.</summary>
internal sealed class HeldSession : IDisposable
{
    private readonly byte[] _peer;
    private readonly ulong _server;
    private readonly string _host;
    private readonly string _version;
    private readonly View.Client _view;
    private readonly QueueService.Client _queue;
    private readonly CrawlService.Client _crawler;
    private readonly Protocol.Consensus.Client _consensus;
    private readonly Gossip.Client _gossip;
    private readonly Router.Client _pubSub;
    private readonly Protocol.Channels.Client _channels;
    private readonly Registry.Client _registry;

    /// <summary>Takes them from a message.</summary>
    public HeldSession(in Session.Reader wire)
        : this(wire, wire.Executor.AddRef())
    {
    }

    private HeldSession(in Session.Reader wire, Executor.Client executor)
    {
        _peer = wire.Local.Peer.Utf8.ToArray();
        _server = wire.Local.Server;
        _host = wire.Local.Host.ToString();
        _version = wire.Local.Version.ToString();
        _view = wire.View.AddRef();
        _queue = wire.Queue.AddRef();
        _crawler = wire.Crawler.AddRef();
        _consensus = wire.Consensus.AddRef();
        _gossip = wire.Gossip.AddRef();
        _pubSub = wire.PubSub.AddRef();
        _channels = wire.Channels.AddRef();
        _registry = wire.Registry.AddRef();
        Anchor = wire.Anchor.AddRef();
        Executor = executor;
        HasExecutor = !wire.Executor.Capability.IsNull;
    }

    /// <summary>Whether an executor came with it.</summary>
    public bool HasExecutor { get; }

    /// <summary>The executor that came with it; null if it was left out.</summary>
    public Executor.Client Executor { get; }

    /// <summary>The root of anchors that came with it.</summary>
    public Anchor.Client Anchor { get; }

    /// <summary>Takes all from a message but the executor.</summary>
    public static HeldSession WithoutExecutor(in Session.Reader wire) => new(wire, new Executor.Client(Capability.Null()));

    /// <summary>Lends that part of it to a message that a policy grants, with another executor and another root of anchors.</summary>
    public void Write(Session.Builder wire, SessionGrant grant, Executor.Client executor, Anchor.Client anchor)
    {
        var local = wire.InitLocal();
        local.SetPeer(_peer);
        local.Server = _server;
        local.SetHost(_host);
        local.SetVersion(_version);
        wire.SetView(grant.HasFlag(SessionGrant.View) ? _view : default);
        wire.SetQueue(grant.HasFlag(SessionGrant.Queue) ? _queue : default);
        wire.SetCrawler(grant.HasFlag(SessionGrant.Crawler) ? _crawler : default);
        wire.SetConsensus(grant.HasFlag(SessionGrant.Peer) ? _consensus : default);
        wire.SetGossip(grant.HasFlag(SessionGrant.Peer) ? _gossip : default);
        wire.SetPubSub(grant.HasFlag(SessionGrant.PubSub) ? _pubSub : default);
        wire.SetChannels(grant.HasFlag(SessionGrant.Channels) ? _channels : default);
        wire.SetRegistry(grant.HasFlag(SessionGrant.Registry) ? _registry : default);
        wire.SetAnchor(grant.HasFlag(SessionGrant.Anchors) ? anchor : default);
        wire.SetExecutor(grant.HasFlag(SessionGrant.Executor) ? executor : default);
    }

    /// <summary>Looks at it as a client does. Valid as long as this is.</summary>
    public WetwareSession Open() => new(
        PeerId.TryFromBytes(_peer, out var peer) ? peer : PeerId.None, new ServerId(_server), _view, _queue, _crawler, _consensus, Executor, _pubSub, Anchor, _channels, _registry);

    public void Dispose()
    {
        foreach (var capability in (ReadOnlySpan<Capability>)[
            _view.Capability, _queue.Capability, _crawler.Capability, _consensus.Capability, _gossip.Capability, _pubSub.Capability, _channels.Capability, _registry.Capability,
            Anchor.Capability, Executor.Capability])
        {
            capability.Dispose();
        }
    }
}
