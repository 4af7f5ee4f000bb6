using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wetware.Client;

namespace Wetware.Host;

/// <summary>Embedding by dependency injection.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>
    /// Runs a node with the host: it starts and stops with it, a failure of the node stops the host, and the node's
    /// <see cref="WetwareNode"/> and <see cref="WetwareSession"/> can be injected once the host has started. Adds a health check named "wetware".
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Changes the default options.</param>
    public static IServiceCollection AddWetware(this IServiceCollection services, Func<WetwareOptions, WetwareOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = configure?.Invoke(WetwareOptions.Default) ?? WetwareOptions.Default;
        options.Validate();
        services.TryAddSingleton(provider => new WetwareHostedService(
            options, provider.GetRequiredService<ILoggerFactory>(), provider.GetRequiredService<IHostApplicationLifetime>()));
        services.AddHostedService(provider => provider.GetRequiredService<WetwareHostedService>());
        services.TryAddSingleton(provider => provider.GetRequiredService<WetwareHostedService>().Node);
        services.TryAddSingleton(provider => provider.GetRequiredService<WetwareNode>().Session);
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            "wetware", provider => new WetwareHealthCheck(provider.GetRequiredService<WetwareHostedService>()), failureStatus: null, tags: null));
        return services;
    }
}
