using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Wetware.Rpc;

/// <summary>
/// What this library reports of its calls: a client span and a server span for each call that crosses a connection, and their durations,
/// named after OpenTelemetry's semantic conventions for RPC. The source of the spans and the meter share one name. While nobody listens, a
/// call pays two reads and a branch at each end.
/// </summary>
public static class RpcTelemetry
{
    /// <summary>The name of the <see cref="ActivitySource"/> and of the <see cref="Meter"/>: what an exporter subscribes to.</summary>
    public const string Name = "Wetware.Rpc";
}
