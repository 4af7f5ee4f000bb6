using Wetware.Host.Net;
using Wetware.Host.Protocol;
using Wetware.Host.Sessions;
using Wetware.Rpc;

namespace Wetware.Host.Anchors;

/// <summary>A session with another node, of one session with this node. Disposing of it ends what was started through it, whoever holds its executor.</summary>
internal sealed class RemoteSession : IDisposable
{
    private readonly HeldSession _session;
    private readonly RevocableCapability? _executor;

    /// <param name="remote">The connection that it is of.</param>
    /// <param name="session">Owned from here on.</param>
    public RemoteSession(RemoteNode remote, HeldSession session)
    {
        Remote = remote;
        _session = session;
        _executor = session.HasExecutor ? new RevocableCapability(session.Executor.Capability) : null;
    }

    public RemoteNode Remote { get; }

    /// <summary>Lends what is granted of it to a message.</summary>
    public void Write(Session.Builder wire, SessionGrant grant, Anchor.Client anchor) =>
        _session.Write(wire, grant, _executor is null ? default : new Executor.Client(_executor.Capability), anchor);

    public void Dispose()
    {
        _executor?.Revoke("the executor's session has ended");
        _executor?.Dispose();
        _session.Dispose();
    }
}
