using System.Diagnostics.Metrics;
using Wetware.Protocol;

namespace Wetware.Host.Net;

/// <summary>The metrics of connections.</summary>
internal static class Metrics
{
    public static Counter<long> ConnectionsAccepted { get; } =
        Telemetry.Meter.CreateCounter<long>("wetware.connections.accepted", "{connection}", "Connections accepted.");

    public static Counter<long> ConnectionsRefused { get; } =
        Telemetry.Meter.CreateCounter<long>("wetware.connections.refused", "{connection}", "Connections closed for a protocol error or a refused login.");
}
