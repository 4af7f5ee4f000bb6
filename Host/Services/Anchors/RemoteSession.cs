using Wetware.Client.Net;
using Wetware.Host.Sessions;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.Anchors;

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
        var executor = session.Wire.Executor.Capability;
        _executor = executor.IsNull ? null : new RevocableCapability(executor);
    }

    public RemoteNode Remote { get; }

    /// <summary>Lends what is granted of it to a message.</summary>
    public void Write(Session.Builder wire, NodeServices services, SessionGrant grant, Anchor.Client anchor)
    {
        _session.WriteTo(wire);
        wire.SetExecutor(_executor is null ? default : new Executor.Client(_executor.Capability));
        wire.SetAnchor(anchor);
        services.Restrict(wire, grant);
    }

    public void Dispose()
    {
        _executor?.Revoke("the executor's session has ended");
        _executor?.Dispose();
        _session.Dispose();
    }
}
