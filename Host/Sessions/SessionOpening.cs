using Wetware.Client.Net;
using Wetware.Core;
using Wetware.Protocol.Wire;

namespace Wetware.Host.Sessions;

/// <summary>A session while its services are opened, one after the other.</summary>
/// <param name="node">This node.</param>
/// <param name="account">Whose session it is.</param>
/// <param name="grant">What it is granted.</param>
/// <param name="opened">What it has of the services before.</param>
internal sealed class SessionOpening(LocalNode node, PeerId account, SessionGrant grant, IReadOnlyList<IServiceSession> opened)
{
    /// <summary>Whose session it is.</summary>
    public PeerId Account => account;

    /// <summary>What it is granted.</summary>
    public SessionGrant Grant => grant;

    /// <summary>Completes when all that the session did through the services before has ended.</summary>
    public Task Ended => Task.WhenAll(opened.Select(static part => part.Ended));

    /// <summary>The session as its own parts may hold it, without keeping it alive: what it has of the services before. The caller disposes of it.</summary>
    public HeldSession Borrow() => HeldSession.Make(Bind);

    private void Bind(Session.Builder wire)
    {
        node.Write(wire.InitLocal());
        foreach (var part in opened)
        {
            part.Bind(wire, isOwner: false);
        }
    }
}
