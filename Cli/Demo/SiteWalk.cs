using Wetware.Crawler;
using Wetware.Crawler.Fetch;
using Wetware.Protocol.Queues;
using Wetware.Queue;

namespace Wetware.Cli.Demo;

/// <summary>
/// What a crawl must find, found the plain way: one page after the other, by one process, with a set and a queue. The
/// cluster's answer is held against this one.
/// </summary>
internal static class SiteWalk
{
    public static async Task<IReadOnlySet<string>> WalkAsync(Uri root, ulong pages, CancellationToken cancellation)
    {
        var seed = CanonicalUrl.TryParse(root.AbsoluteUri, out var url) ? url : throw new DemoException($"{root} is no http or https URL");
        var plan = new CrawlPlan(new TopicId(1), new TopicId(2), new CrawlScope([seed]), RetryPolicy.Default, FetcherOptions.Default.ProductToken);
        using var fetcher = new HttpFetcher(FetcherOptions.Default);
        var visitor = new Visitor(fetcher, FetcherOptions.Default);
        var known = new HashSet<string>(StringComparer.Ordinal) { seed.Text };
        var waiting = new Queue<UrlTask>([new UrlTask(seed, 0, "")]);
        while (waiting.TryDequeue(out var task))
        {
            foreach (var found in await FollowAsync(plan, visitor, task, cancellation))
            {
                if ((ulong)known.Count < pages && known.Add(found.Url.Text))
                {
                    waiting.Enqueue(found);
                }
            }
        }

        return known;
    }

    /// <summary>Visits one URL as often as it takes, and returns where it leads.</summary>
    private static async Task<IReadOnlyList<UrlTask>> FollowAsync(CrawlPlan plan, Visitor visitor, UrlTask task, CancellationToken cancellation)
    {
        for (uint attempt = 1; ; attempt++)
        {
            var visit = await visitor.VisitAsync(task, plan.Scope, cancellation);
            var decision = CrawlStep.Decide(plan, new LeasedMessage { Attempts = attempt }, task, visit);
            if (decision.Item is null)
            {
                continue;
            }

            var found = new List<UrlTask>();
            foreach (var operation in decision.Command.Operations)
            {
                if (operation.Kind == OperationKind.Enqueue && operation.Topic == plan.Urls && CrawlCodec.TryDecodeTask(operation.Payload, out var next))
                {
                    found.Add(next);
                }
            }

            return found;
        }
    }
}
