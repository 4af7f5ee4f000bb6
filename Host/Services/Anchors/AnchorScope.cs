using Wetware.Client.Net;
using Wetware.Core;
using Wetware.Host.Membership;
using Wetware.Host.Net;
using Wetware.Host.Sessions;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.Anchors;

/// <summary>
/// What one session reaches through anchors: the registers of all nodes, and the sessions of those nodes, cut down to what this session was granted itself.
/// Of each node it has one session, however often that is asked for: so what it runs there has one budget. Those sessions end with this one's programs. Counted by
/// those that use it. Safe for concurrent use.
/// </summary>
internal sealed class AnchorScope : IDisposable
{
    private readonly NodeServices _services;
    private readonly HeldSession _own;
    private readonly SessionGrant _grant;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Dictionary<PeerId, RemoteSession> _sessions = [];
    private int _users;
    private bool _isOver;

    private AnchorScope(NodeServices services, IHosts hosts, AnchorTree tree, SessionOpening session)
    {
        (_services, Hosts, Tree) = (services, hosts, tree);
        _own = session.Borrow();
        // What members tell one another is not passed on.
        _grant = session.Grant.Without(ServiceNames.Members);
    }

    /// <summary>The nodes of the cluster.</summary>
    public IHosts Hosts { get; }

    /// <summary>The registers of this node.</summary>
    public AnchorTree Tree { get; }

    /// <summary>The root for a new session. The caller disposes of it.</summary>
    /// <param name="services">What sessions with this and other nodes are cut down by.</param>
    /// <param name="hosts">The nodes of the cluster.</param>
    /// <param name="tree">The registers of this node.</param>
    /// <param name="session">Whose root it is.</param>
    public static Anchor.Client NewRoot(NodeServices services, IHosts hosts, AnchorTree tree, SessionOpening session)
    {
        var scope = new AnchorScope(services, hosts, tree, session);
        var root = scope.ServeRoot();
        var ended = session.Ended;
        if (!ended.IsCompleted)
        {
            _ = scope.Use().EndAsync(ended);
        }

        return root;
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
            _own.Dispose();
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
            var own = wire();
            _own.WriteTo(own);
            own.SetAnchor(root);
            _services.Restrict(own, _grant);
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

            known.Write(wire(), _services, _grant, root);
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
