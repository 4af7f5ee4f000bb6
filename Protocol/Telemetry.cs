using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;

namespace Wetware.Protocol;

/// <summary>The one source of traces and the one meter of clients and nodes, both named "Wetware"; no exporter is assumed.</summary>
internal static class Telemetry
{
    /// <summary>What listeners subscribe to.</summary>
    public const string Name = "Wetware";

    /// <summary>The version of the product, without the commit that it was built from.</summary>
    public static string Version { get; } =
        typeof(Telemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>Spans.</summary>
    public static ActivitySource Activities { get; } = new(Name, Version);

    /// <summary>Counters and histograms.</summary>
    public static Meter Meter { get; } = new(Name, Version);
}
