using Microsoft.Extensions.Diagnostics.HealthChecks;
using Wetware.Core;

namespace Wetware.Host.Hosting;

/// <summary>Healthy when every Raft group knows its leader; degraded without one, since queries and gossip still work.</summary>
internal sealed class WetwareHealthCheck(WetwareHostedService service) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var node = service.Node;
        var result = node.Completion.IsCompleted ? HealthCheckResult.Unhealthy("the node has stopped")
            : node.Groups.All(group => group.Leader != NodeId.None) ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded("no leader is known");
        return Task.FromResult(result);
    }
}
