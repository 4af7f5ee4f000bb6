using Wetware.Core;
using Wetware.Host.Client;
using Wetware.Host.Net;
using Wetware.Host.Protocol;
using Wetware.Host.Sessions;
using Wetware.Rpc;

namespace Wetware.Host.Anchors;

/// <summary>
/// What one session reaches through anchors: the registers of all nodes, and the sessions of those nodes, cut down to what this session was granted itself.
/// Of each node it has one session, however often that is asked for: so what it runs there has one budget. Those sessions end with this one's programs. Counted by
/// those that use it. Safe for concurrent use.
/// </summary>
internal sealed class AnchorScope : IDisposable
{
    private readonly NodeServices _node;
    private readonly Executor.Client _executor;
    private readonly Router.Client _topics;
    private readonly Registry.Client _registry;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Dictionary<PeerId, RemoteSession> _sessions = [];
    private int _users;
    private bool _isOver;

    /// <param name="node">This node.</param>
    /// <param name="grant">What the session was granted.</param>
    /// <param name="own">What the session has for itself on this node; the scope takes references of its own.</param>
    private AnchorScope(NodeServices node, SessionGrant grant, SessionCapabilities own)
    {
        _node = node;
        // What members tell one another is not passed on.
        Grant = grant & ~SessionGrant.Peer;
        _executor = own.Borrowed.AddRef();
        _topics = own.Topics.AddRef();
        _registry = own.Registry.AddRef();
    }

    public SessionGrant Grant { get; }

    public IHosts Hosts => _node.Hosts;

    public AnchorTree Tree => _node.Anchors;

    /// <summary>The root for a new session.</summary>
    public static Anchor.Client NewRoot(NodeServices node, SessionGrant grant, SessionCapabilities own)
    {
        var scope = new AnchorScope(node, grant, own);
        if (grant.HasFlag(SessionGrant.Executor))
        {
            _ = scope.Use().EndAsync(own.Ended);
        }

        return scope.ServeRoot();
    }

    public Anchor.Client ServeRoot() => Anchor.Client.Serve(new ClusterAnchorServer(this));

    public AnchorScope Use()
    {
        Interlocked.Increment(ref _users);
        return this;
    }

    /// <summary>One user less; the last one gives everything back.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            DropSessions();
            _executor.Dispose();
            _topics.Dispose();
            _registry.Dispose();
            _gate.Dispose();
        }
    }

    /// <summary>Writes the session of a node into a message.</summary>
    /// <exception cref="RpcException">The node cannot be reached.</exception>
    public async Task WriteSessionAsync(PeerId peer, Func<Session.Builder> wire, CancellationToken cancellation)
    {
        using var root = ServeRoot();
        if (peer == Hosts.Self)
        {
            _node.Write(wire(), Grant, _executor, _topics, _registry, root);
            return;
        }

        var remote = await ConnectAsync(peer).ConfigureAwait(false);
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_isOver)
            {
                throw new RpcException("the session has ended");
            }

            if (!_sessions.TryGetValue(peer, out var known) || !ReferenceEquals(known.Remote, remote))
            {
                var session = await remote.NewSessionAsync(cancellation).ConfigureAwait(false);
                known?.Dispose();
                _sessions[peer] = known = new RemoteSession(remote, session);
            }

            known.Write(wire(), Grant, root);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task EndAsync(Task ended)
    {
        await ended.ConfigureAwait(false);
        await _gate.WaitAsync().ConfigureAwait(false);
        _isOver = true;
        DropSessions();
        _gate.Release();
        Dispose();
    }

    private void DropSessions()
    {
        foreach (var session in _sessions.Values)
        {
            session.Dispose();
        }

        _sessions.Clear();
    }

    /// <exception cref="RpcException">The node cannot be reached.</exception>
    public async Task<RemoteNode> ConnectAsync(PeerId peer)
    {
        try
        {
            return await Hosts.ConnectAsync(peer).ConfigureAwait(false);
        }
        catch (WetwareException failure)
        {
            throw new RpcException(RpcErrorType.Disconnected, failure.Message);
        }
    }
}
