using System.Diagnostics.Metrics;
using Wetware.Protocol;

namespace Wetware.Host.Services.Processes;

/// <summary>The metrics of programs.</summary>
internal static class Metrics
{
    public static Counter<long> OutputsLost { get; } =
        Telemetry.Meter.CreateCounter<long>("wetware.processes.outputs_lost", "{stream}", "Output streams of programs whose reader went away.");
}
