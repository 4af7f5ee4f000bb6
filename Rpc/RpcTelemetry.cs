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

    private static readonly string? s_version = typeof(RpcTelemetry).Assembly.GetName().Version?.ToString(3);

    /// <summary>Makes the spans.</summary>
    internal static ActivitySource Source { get; } = new(Name, s_version);

    /// <summary>Makes the instruments.</summary>
    internal static Meter Meter { get; } = new(Name, s_version);

    /// <summary>Seconds from sending a call to its answer.</summary>
    internal static Histogram<double> ClientDuration { get; } =
        Meter.CreateHistogram("rpc.client.call.duration", "s", "Duration of outgoing calls.", tags: null, Buckets());

    /// <summary>Seconds from receiving a call to its answer.</summary>
    internal static Histogram<double> ServerDuration { get; } =
        Meter.CreateHistogram("rpc.server.call.duration", "s", "Duration of incoming calls.", tags: null, Buckets());

    /// <summary>Whether anybody wants to know of outgoing calls.</summary>
    internal static bool WatchesClients => Source.HasListeners() || ClientDuration.Enabled;

    /// <summary>Whether anybody wants to know of incoming calls.</summary>
    internal static bool WatchesServers => Source.HasListeners() || ServerDuration.Enabled;

    // What the conventions advise for durations of calls, in seconds.
    private static InstrumentAdvice<double> Buckets() => new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
    };
}
