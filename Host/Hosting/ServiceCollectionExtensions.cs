using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wetware.Client;
using Wetware.Core;

namespace Wetware.Host.Hosting;

/// <summary>Embedding by dependency injection.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>
    /// Runs a node with the host: it starts and stops with it, a failure of the node stops the host, and the node's
    /// <see cref="WetwareNode"/> and <see cref="WetwareSession"/> can be injected once the host has started. Adds a health check named "wetware".
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Changes the default options. They are checked at once.</param>
    /// <exception cref="WetwareOptionsException">An option cannot work.</exception>
    /// <exception cref="InvalidOperationException">The host runs a node already.</exception>
    public static IServiceCollection AddWetware(this IServiceCollection services, Func<WetwareOptions, WetwareOptions>? configure = null)
    {
        var options = configure?.Invoke(WetwareOptions.Default) ?? WetwareOptions.Default;
        options.Validate();
        return services.AddWetware((_, _) => options);
    }

    /// <inheritdoc cref="AddWetware(IServiceCollection, Func{WetwareOptions, WetwareOptions})"/>
    /// <param name="services">The host's services.</param>
    /// <param name="section">
    /// What to take the options from, by their names: <c>{ "Listen": ["/ip4/0.0.0.0/tcp/9000"], "DataFolder": "data" }</c>. A name that no option has is refused.
    /// They are checked at once.
    /// </param>
    /// <param name="configure">Changes what the section says.</param>
    public static IServiceCollection AddWetware(
        this IServiceCollection services, IConfiguration section, Func<WetwareOptions, WetwareOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(section);
        var options = OptionsBinder.Bind(section);
        options = configure?.Invoke(options) ?? options;
        options.Validate();
        return services.AddWetware((_, _) => options);
    }

    /// <inheritdoc cref="AddWetware(IServiceCollection, Func{WetwareOptions, WetwareOptions})"/>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Changes the default options, with the help of other services. Called, and its result checked, when the host starts.</param>
    public static IServiceCollection AddWetware(this IServiceCollection services, Func<IServiceProvider, WetwareOptions, WetwareOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        Refuse<WetwareHostedService>(services, "AddWetware was called before: a host runs one node. Start further ones with WetwareNode.StartAsync");
        services.AddSingleton(provider => new WetwareHostedService(
            () => configure(provider, WetwareOptions.Default), provider.GetRequiredService<ILoggerFactory>(), provider.GetRequiredService<IHostApplicationLifetime>()));
        services.AddHostedService(static provider => provider.GetRequiredService<WetwareHostedService>());
        services.TryAddSingleton(static provider => provider.GetRequiredService<WetwareHostedService>().Node);
        services.TryAddSingleton(static provider => provider.GetRequiredService<WetwareNode>().Session);
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            "wetware", static provider => new WetwareHealthCheck(provider.GetRequiredService<WetwareHostedService>()), failureStatus: null, tags: null));
        return services;
    }

    /// <summary>
    /// Connects to a cluster with the host, without a node: the connection starts and stops with it, and its <see cref="WetwareClient"/> and
    /// <see cref="WetwareSession"/> can be injected once the host has started. Adds a health check named "wetware-client".
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="addresses">Multiaddrs of nodes; the first that answers is used. At least one.</param>
    /// <param name="configure">Changes the default options.</param>
    /// <exception cref="WetwareOptionsException">No address is given.</exception>
    /// <exception cref="InvalidOperationException">The host has a client already, or runs a node, whose session it would hide.</exception>
    public static IServiceCollection AddWetwareClient(
        this IServiceCollection services, IReadOnlyList<string> addresses, Func<WetwareClientOptions, WetwareClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(addresses);
        if (addresses.Count == 0)
        {
            throw new WetwareOptionsException("AddWetwareClient needs the address of a node, such as /ip4/10.0.0.1/tcp/9000");
        }

        Refuse<WetwareClientHostedService>(services, "AddWetwareClient was called before. Connect to further clusters with WetwareClient.ConnectAsync");
        Refuse<WetwareHostedService>(services, "AddWetware was called before: the node's own session does what a client's would");
        var options = configure?.Invoke(WetwareClientOptions.Default) ?? WetwareClientOptions.Default;
        services.AddSingleton(new WetwareClientHostedService(addresses, options));
        services.AddHostedService(static provider => provider.GetRequiredService<WetwareClientHostedService>());
        services.TryAddSingleton(static provider => provider.GetRequiredService<WetwareClientHostedService>().Client);
        services.TryAddSingleton(static provider => provider.GetRequiredService<WetwareClient>().Session);
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            "wetware-client", static provider => provider.GetRequiredService<WetwareClientHostedService>(), failureStatus: null, tags: null));
        return services;
    }

    private static void Refuse<T>(IServiceCollection services, string why)
    {
        if (services.Any(static service => service.ServiceType == typeof(T)))
        {
            throw new InvalidOperationException(why);
        }
    }
}
