using Wetware.Protocol.Wire;

namespace Wetware.Host.Sessions;

/// <summary>What one account has of the node's services, while it is handed over. Owns references; the session lives on in those who were handed it.</summary>
internal sealed class NodeSession(LocalNode node, IReadOnlyList<IServiceSession> parts) : IDisposable
{
    /// <summary>Hands the session over.</summary>
    public void Write(Session.Builder wire)
    {
        node.Write(wire.InitLocal());
        foreach (var part in parts)
        {
            part.Bind(wire, isOwner: true);
        }
    }

    public void Dispose()
    {
        // The last may hold on to those before.
        foreach (var part in parts.Reverse())
        {
            part.Dispose();
        }
    }
}
