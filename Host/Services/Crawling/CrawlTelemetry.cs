using Microsoft.Extensions.Logging;
using Wetware.Crawler;
using Wetware.Crawler.Fetch;
using Wetware.Protocol.Crawls;

namespace Wetware.Host.Services.Crawling;

/// <summary>Counts what the workers of this node do.</summary>
internal sealed class CrawlTelemetry(ILogger logger) : ICrawlObserver
{
    public void Completed(PageItem item, int linksNew) =>
        Metrics.PagesFetched.Add(1, new KeyValuePair<string, object?>("outcome", item.Outcome.ToString()));

    public void Retried(UrlTask task, Visit visit) => Metrics.PagesRetried.Add(1);

    public void LeaseLost(UrlTask task) => Metrics.PagesRetried.Add(1);

    public void QueueUnavailable(string reason) => Log.QueueUnavailable(logger, reason);
}
