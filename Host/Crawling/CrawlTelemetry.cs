using Microsoft.Extensions.Logging;
using Wetware.Crawler;
using Wetware.Crawler.Fetch;

namespace Wetware.Host.Crawling;

/// <summary>Counts what the workers of this node do.</summary>
internal sealed class CrawlTelemetry(ILogger logger) : ICrawlObserver
{
    public void Completed(PageItem item, int linksNew) =>
        Telemetry.PagesFetched.Add(1, new KeyValuePair<string, object?>("outcome", item.Outcome.ToString()));

    public void Retried(UrlTask task, Visit visit) => Telemetry.PagesRetried.Add(1);

    public void LeaseLost(UrlTask task) => Telemetry.PagesRetried.Add(1);

    public void QueueUnavailable(string reason) => HostLog.QueueUnavailable(logger, reason);
}
