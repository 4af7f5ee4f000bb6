using System.Diagnostics.Metrics;
using Wetware.Protocol;

namespace Wetware.Host.Services.Crawling;

/// <summary>The metrics of crawls.</summary>
internal static class Metrics
{
    public static Counter<long> PagesRetried { get; } =
        Telemetry.Meter.CreateCounter<long>("wetware.crawler.retries", "{page}", "Visits of this node that did not count and come again.");

    public static Counter<long> PagesFetched { get; } =
        Telemetry.Meter.CreateCounter<long>("wetware.crawler.pages", "{page}", "Pages fetched by this node, by result.");
}
