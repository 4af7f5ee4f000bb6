using Wetware.Host.Membership;
using Wetware.Host.Sessions;
using Wetware.Protocol.Wire;

namespace Wetware.Host.Services.Registry;

/// <summary>Who in the cluster provides what.</summary>
/// <param name="hosts">The nodes of the cluster.</param>
internal sealed class RegistryService(IHosts hosts) : IService
{
    private readonly ProviderHub _hub = new(TimeProvider.System);

    public string Name => ServiceNames.Registry;

    public IServiceSession Open(SessionOpening session)
    {
        var registry = Protocol.Wire.Registry.Client.Serve(new RegistryServer(_hub, hosts, session.Account));
        return new Lent(wire => wire.SetRegistry(registry), registry);
    }

    public void Withhold(Session.Builder wire) => wire.SetRegistry(default);

    public ValueTask DisposeAsync() => default;
}
