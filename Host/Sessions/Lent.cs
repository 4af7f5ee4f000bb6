using Wetware.Protocol.Wire;

namespace Wetware.Host.Sessions;

/// <summary>What a session has of a service that is the same for all of its holders.</summary>
/// <param name="bind">Lends it to a message.</param>
/// <param name="owned">What is given back at the end; nothing if null.</param>
internal sealed class Lent(Action<Session.Builder> bind, IDisposable? owned = null) : IServiceSession
{
    public void Bind(Session.Builder wire, bool isOwner) => bind(wire);

    public void Dispose() => owned?.Dispose();
}
