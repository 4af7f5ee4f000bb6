using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Wetware.Rpc.Tracing;

/// <summary>The source of spans and the instruments of this library, and whether anybody listens to them.</summary>
internal static class Instruments
{
    private static readonly string? s_version = typeof(Instruments).Assembly.GetName().Version?.ToString(3);

    /// <summary>Makes the spans.</summary>
    public static ActivitySource Source { get; } = new(RpcTelemetry.Name, s_version);

    /// <summary>Makes the instruments.</summary>
    public static Meter Meter { get; } = new(RpcTelemetry.Name, s_version);

    /// <summary>Seconds from sending a call to its answer.</summary>
    public static Histogram<double> ClientDuration { get; } =
        Meter.CreateHistogram("rpc.client.call.duration", "s", "Duration of outgoing calls.", tags: null, Buckets());

    /// <summary>Seconds from receiving a call to its answer.</summary>
    public static Histogram<double> ServerDuration { get; } =
        Meter.CreateHistogram("rpc.server.call.duration", "s", "Duration of incoming calls.", tags: null, Buckets());

    /// <summary>Whether anybody wants to know of outgoing calls.</summary>
    public static bool WatchesClients => Source.HasListeners() || ClientDuration.Enabled;

    /// <summary>Whether anybody wants to know of incoming calls.</summary>
    public static bool WatchesServers => Source.HasListeners() || ServerDuration.Enabled;

    // What the conventions advise for durations of calls, in seconds.
    private static InstrumentAdvice<double> Buckets() => new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
    };
}
