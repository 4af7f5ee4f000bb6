using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Wetware.Client;

namespace Wetware.Host.Hosting;

/// <summary>A connection to a cluster that lives as long as the host. Healthy while it is open.</summary>
internal sealed class WetwareClientHostedService(IReadOnlyList<string> addresses, WetwareClientOptions options) : IHostedService, IHealthCheck, IAsyncDisposable
{
    private WetwareClient? _client;

    /// <exception cref="InvalidOperationException">The host has not started yet.</exception>
    public WetwareClient Client => _client ?? throw new InvalidOperationException("the Wetware client is not connected; it connects when the host starts");

    public async Task StartAsync(CancellationToken cancellationToken) =>
        _client = await WetwareClient.ConnectAsync(addresses, options, cancellationToken).ConfigureAwait(false);

    public async Task StopAsync(CancellationToken cancellationToken) => await DisposeAsync().ConfigureAwait(false);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_client is { } client && !client.Closed.IsCompleted
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("there is no connection to the cluster"));

    public ValueTask DisposeAsync() => _client?.DisposeAsync() ?? ValueTask.CompletedTask;
}
