using Wetware.Core;
using Wetware.Protocol.Wire;

namespace Wetware.Client;

/// <summary>Keeps a service listed: until it is disposed of, its connection or node ends, or its time is over. Safe for concurrent use.</summary>
public sealed class ServiceRegistration : IDisposable
{
    private readonly Registry.Registration.Client _registration;

    internal ServiceRegistration(Registry.Registration.Client registration) => _registration = registration;

    /// <summary>Keeps it listed for so long from now on.</summary>
    /// <param name="ttl">Null for no limit.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="WetwareException">Its time is over already, or the node was lost.</exception>
    public Task RenewAsync(TimeSpan? ttl, CancellationToken cancellation = default) => RpcFailures.TranslateAsync(async () =>
    {
        using var answer = _registration.Renew(RegistryClient.Milliseconds(ttl), cancellation);
        await answer;
        return true;
    });

    /// <summary>Takes it off the list.</summary>
    public void Dispose() => _registration.Dispose();
}
