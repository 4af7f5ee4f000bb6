using Wetware.Crawler;
using Wetware.Protocol.Crawls;

namespace Wetware.Host.Services.Crawling;

/// <summary>Whether and where a requested crawl can start.</summary>
internal static class CrawlRequests
{
    /// <summary>Its start pages, canonical.</summary>
    /// <exception cref="ArgumentException">One is no URL that can be crawled.</exception>
    public static IReadOnlyList<CanonicalUrl> Seeds(CrawlRequest request) =>
        [.. request.Seeds.Select(seed => CanonicalUrl.TryParse(seed, out var url) ? url : throw new ArgumentException($"'{seed}' is no http or https URL", nameof(request)))];

    /// <summary>Why a request cannot be carried out; null if it can.</summary>
    public static string? Reject(CrawlRequest request)
    {
        try
        {
            _ = new CrawlScope(Seeds(request), request.Hosts, request.DepthMax);
        }
        catch (ArgumentException failure)
        {
            return failure.Message.Split(" (Parameter")[0];
        }

        return request.Seeds.Count is 0 or > Limits.CrawlSeedsMax ? $"a crawl has 1 to {Limits.CrawlSeedsMax} start pages"
            : request.WorkersPerNode is 0 or > Limits.CrawlWorkersMax ? $"a node fetches 1 to {Limits.CrawlWorkersMax} pages at a time"
            : null;
    }
}
