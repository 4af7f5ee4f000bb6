using Wetware.Host.Protocol;
using Wetware.Rpc;

namespace Wetware.Host.Processes;

/// <summary>The capabilities that a program was started with. Owns references of its own.</summary>
internal sealed class GuestSession : IDisposable
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

    /// <summary>Takes them from a message.</summary>
    public GuestSession(in Session.Reader wire)
    {
        _peer = wire.Local.Peer.Utf8.ToArray();
        _server = wire.Local.Server;
        _host = wire.Local.Host.ToString();
        _version = wire.Local.Version.ToString();
        HasExecutor = !wire.Executor.Capability.IsNull;
        _view = wire.View.AddRef();
        _queue = wire.Queue.AddRef();
        _crawler = wire.Crawler.AddRef();
        _consensus = wire.Consensus.AddRef();
        _gossip = wire.Gossip.AddRef();
    }

    /// <summary>Whether the program may start others: below itself, whoever's executor it was given.</summary>
    public bool HasExecutor { get; }

    public void Write(Session.Builder wire, Executor.Client executor)
    {
        var local = wire.InitLocal();
        local.SetPeer(_peer);
        local.Server = _server;
        local.SetHost(_host);
        local.SetVersion(_version);
        wire.SetView(_view);
        wire.SetQueue(_queue);
        wire.SetCrawler(_crawler);
        wire.SetConsensus(_consensus);
        wire.SetGossip(_gossip);
        if (HasExecutor)
        {
            wire.SetExecutor(executor);
        }
    }

    public void Dispose()
    {
        foreach (var capability in (ReadOnlySpan<Capability>)[_view.Capability, _queue.Capability, _crawler.Capability, _consensus.Capability, _gossip.Capability])
        {
            capability.Dispose();
        }
    }
}
