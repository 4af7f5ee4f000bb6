using Wetware.Core;
using Wetware.Protocol.Wire;

namespace Wetware.Host.Sessions;

/// <summary>The services of a node. Owns them, and ends them in reverse order. Safe for concurrent use.</summary>
/// <param name="node">This node.</param>
/// <param name="services">Each may build on those before it.</param>
internal sealed class NodeServices(LocalNode node, IReadOnlyList<IService> services) : IAsyncDisposable
{
    /// <summary>This node.</summary>
    public LocalNode Node => node;

    /// <summary>Opens a session. The caller disposes of it when it has handed it over.</summary>
    public NodeSession Open(PeerId account, SessionGrant grant)
    {
        var parts = new List<IServiceSession>(services.Count);
        var opening = new SessionOpening(node, account, grant, parts);
        foreach (var service in services)
        {
            if (service.IsGranted(grant))
            {
                parts.Add(service.Open(opening));
            }
        }

        return new NodeSession(node, parts);
    }

    /// <summary>Cuts a session of another node down to what is granted.</summary>
    public void Restrict(Session.Builder wire, SessionGrant grant)
    {
        foreach (var service in services)
        {
            service.Restrict(wire, grant);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in services.Reverse())
        {
            await service.DisposeAsync().ConfigureAwait(false);
        }
    }
}
