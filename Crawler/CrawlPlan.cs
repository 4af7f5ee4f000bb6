using Wetware.Protocol.Queues;
using Wetware.Queue;

namespace Wetware.Crawler;

/// <summary>What every worker of one crawl agrees on.</summary>
/// <param name="Urls">The topic of URLs to fetch; it dedupes by canonical URL, and its limit of accepted messages is the crawl's page limit.</param>
/// <param name="Results">The topic of page items; it dedupes by canonical URL, so a page that two workers fetched counts once.</param>
/// <param name="Scope">Which URLs may be fetched.</param>
/// <param name="Retry">Which failures are tried again.</param>
/// <param name="ProductToken">The crawler's name in robots.txt and meta elements.</param>
public sealed record CrawlPlan(TopicId Urls, TopicId Results, CrawlScope Scope, RetryPolicy Retry, string ProductToken)
{
    /// <summary>How the URL topic of a crawl is made.</summary>
    /// <param name="pagesMax">How many distinct URLs are fetched at the most; 0 for no limit.</param>
    /// <param name="leasesMax">Leases of one URL that may end without a result, because workers died with it, before it is dead.</param>
    public static TopicOptions UrlTopic(ulong pagesMax = 0, uint leasesMax = 20) =>
        new(Dedupe: true, AcceptedMax: pagesMax, AttemptsMax: leasesMax);

    /// <summary>How the results topic of a crawl is made.</summary>
    public static TopicOptions ResultsTopic => new(Dedupe: true);
}
