using Wetware.Core;
using Wetware.Protocol.Wire;

namespace Wetware.Client;

/// <summary>
/// Services of the cluster by name: who provides one is listed by the node that the provider talks to, and found from every node. Safe for concurrent use.
/// Every method throws <see cref="WetwareException"/> when the node refuses or is lost.
/// </summary>
public sealed class RegistryClient
{
    private readonly Registry.Client _registry;

    internal RegistryClient(Registry.Client registry) => _registry = registry;

    /// <summary>Lists where a service is; returns when it can be found.</summary>
    /// <param name="location">Where it is.</param>
    /// <param name="ttl">How long it is listed unless that is renewed, up to 49 days; as long as the registration is kept if null.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Keep it for as long as the service is to be found.</returns>
    public Task<ServiceRegistration> ProvideAsync(ServiceLocation location, TimeSpan? ttl = null, CancellationToken cancellation = default) => RpcFailures.TranslateAsync(async () =>
    {
        ArgumentNullException.ThrowIfNull(location);
        var request = Granted().ProvideRequest();
        location.Write(request.Params.InitLocation());
        request.Params.Ttl = Milliseconds(ttl);
        using var answer = request.Send(cancellation);
        return new ServiceRegistration((await answer).Registration.AddRef());
    });

    /// <summary>Begins to ask all nodes who provides a service now.</summary>
    /// <param name="service">1 to 255 bytes without control characters.</param>
    public ProviderSearch Find(string service)
    {
        ArgumentNullException.ThrowIfNull(service);
        return new ProviderSearch(Granted(), service);
    }

    internal static uint Milliseconds(TimeSpan? ttl)
    {
        if (ttl is not { } some)
        {
            return 0;
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(some, TimeSpan.FromMilliseconds(1), nameof(ttl));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(some.TotalMilliseconds, uint.MaxValue, nameof(ttl));
        return (uint)some.TotalMilliseconds;
    }

    private Registry.Client Granted() => _registry.Capability is null or { IsNull: true } ? throw new WetwareException("the session grants no registry") : _registry;
}
