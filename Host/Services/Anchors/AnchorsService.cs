using Wetware.Host.Membership;
using Wetware.Host.Sessions;
using Wetware.Protocol.Wire;

namespace Wetware.Host.Services.Anchors;

/// <summary>The registers of all nodes, and through them sessions with those nodes. Comes after what such sessions are made of.</summary>
/// <param name="hosts">The nodes of the cluster.</param>
/// <param name="services">What sessions with other nodes are cut down by.</param>
internal sealed class AnchorsService(IHosts hosts, Func<NodeServices> services) : IService
{
    private readonly AnchorTree _tree = new();

    public string Name => ServiceNames.Anchors;

    public IServiceSession Open(SessionOpening session)
    {
        var root = AnchorScope.NewRoot(services(), hosts, _tree, session);
        return new Lent(wire => wire.SetAnchor(root), root);
    }

    public void Withhold(Session.Builder wire) => wire.SetAnchor(default);

    public ValueTask DisposeAsync() => default;
}
