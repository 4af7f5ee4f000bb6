using System.Globalization;
using Wetware.Crawler.Fetch;
using Wetware.Protocol.Crawls;
using Wetware.Protocol.Queues;
using Wetware.Queue;

namespace Wetware.Crawler.Tests;

/// <summary>Whole crawls of small sites over real HTTP.</summary>
public class CrawlTests
{
    [Fact]
    public async Task Every_reachable_page_is_in_the_results_once()
    {
        // A binary tree of 127 pages whose leaves link back to the root, each page linking twice to each child in different spellings.
        await using var site = await TestSite.StartAsync((context, _) =>
        {
            if (!int.TryParse(context.Request.Path.Value![1..], CultureInfo.InvariantCulture, out var n) || n > 127)
            {
                return TestSite.Status(context, 404);
            }

            return n < 64
                ? TestSite.Html(context, $"/{2 * n}", $"/x/../{2 * n}#part", $"{(2 * n) + 1}", $"/{(2 * n) + 1}?")
                : TestSite.Html(context, "/1", "/1#top");
        });
        await using var crawl = new Crawl(site.Url("/1"));
        crawl.AddWorker();
        crawl.AddWorker();
        crawl.AddWorker();
        var results = await crawl.FinishAsync();
        Assert.Equal(Enumerable.Range(1, 127).Select(n => $"/{n}").Order(StringComparer.Ordinal), results.Keys.Order(StringComparer.Ordinal));
        Assert.All(results.Values, item => Assert.Equal((PageOutcome.Page, 200, item.Url), (item.Outcome, item.Status, item.FinalUrl)));
        Assert.All(site.Requests, request => Assert.Equal(1, request.Key == "/robots.txt" ? 1 : request.Value));
        Assert.Equal(6u, results["/127"].Depth);
        Assert.Equal("/5", results["/5"].Title);
        Assert.Equal(2u, results["/5"].Links);
        Assert.Equal(64UL, crawl.Queue.Stats(crawl.Plan.Urls).Duplicates);
    }

    [Fact]
    public async Task Robots_are_obeyed()
    {
        await using var site = await TestSite.StartAsync((context, _) => context.Request.Path.Value switch
        {
            "/robots.txt" => TestSite.Text(context, "User-agent: wetware\nDisallow: /private\nAllow: /private/open$\n\nUser-agent: *\nDisallow: /\n"),
            "/" => TestSite.Html(context, "/private", "/private/open", "/private/x", "/public", "/to-private"),
            "/to-private" => TestSite.Redirect(context, "/private/y"),
            _ => TestSite.Html(context),
        });
        await using var crawl = new Crawl(site.Url("/"));
        crawl.AddWorker();
        var results = await crawl.FinishAsync();
        Assert.Equal(PageOutcome.Page, results["/private/open"].Outcome);
        Assert.Equal(PageOutcome.Page, results["/public"].Outcome);
        foreach (var path in new[] { "/private", "/private/x", "/to-private" })
        {
            Assert.Equal((PageOutcome.Refused, "robots.txt forbids it"), (results[path].Outcome, results[path].Error));
        }

        Assert.DoesNotContain(site.Requests.Keys, path => path is "/private" or "/private/x" or "/private/y");
        Assert.Equal(1, site.Requests["/robots.txt"]);
    }

    [Fact]
    public async Task A_site_whose_robots_fail_is_not_crawled()
    {
        await using var site = await TestSite.StartAsync((context, _) =>
            context.Request.Path == "/robots.txt" ? TestSite.Status(context, 503) : TestSite.Html(context));
        await using var crawl = new Crawl(site.Url("/"));
        crawl.AddWorker();
        var results = await crawl.FinishAsync();
        Assert.Equal("robots.txt is unreachable", results["/"].Error);
        Assert.DoesNotContain("/", site.Requests.Keys);
    }

    [Fact]
    public async Task Failures_that_may_pass_are_tried_again_and_others_are_not()
    {
        await using var site = await TestSite.StartAsync((context, self) => context.Request.Path.Value switch
        {
            "/" => TestSite.Html(context, "/flaky", "/down", "/gone", "/cut"),
            "/flaky" => self.Requests["/flaky"] < 3 ? TestSite.Status(context, 503) : TestSite.Html(context),
            "/down" => TestSite.Status(context, 500),
            "/cut" => Abort(context),
            _ => TestSite.Status(context, 404),
        });
        await using var crawl = new Crawl(site.Url("/"));
        crawl.AddWorker();
        var results = await crawl.FinishAsync();
        Assert.Equal((PageOutcome.Page, 3u), (results["/flaky"].Outcome, results["/flaky"].Attempts));
        Assert.Equal((PageOutcome.Failed, 500, 4u), (results["/down"].Outcome, results["/down"].Status, results["/down"].Attempts));
        Assert.Equal((PageOutcome.Failed, 404, 1u), (results["/gone"].Outcome, results["/gone"].Status, results["/gone"].Attempts));
        Assert.Equal((PageOutcome.Failed, 4u), (results["/cut"].Outcome, results["/cut"].Attempts));
        Assert.Equal(4, site.Requests["/down"]);
        Assert.Equal(1, site.Requests["/gone"]);
        Assert.Equal(2 + 3 + 3, crawl.Observer.RetriedCount);

        static Task Abort(Microsoft.AspNetCore.Http.HttpContext context)
        {
            context.Abort();
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Redirects_are_followed_within_bounds()
    {
        await using var site = await TestSite.StartAsync((context, _) => context.Request.Path.Value switch
        {
            "/" => TestSite.Html(context, "/a", "/loop", "/chain/0", "/away", "/nowhere"),
            "/a" => TestSite.Redirect(context, "/b/"),
            "/b/" => TestSite.Html(context, "c"),
            "/loop" => TestSite.Redirect(context, "/loop2"),
            "/loop2" => TestSite.Redirect(context, "/loop"),
            "/away" => TestSite.Redirect(context, "http://elsewhere.invalid/"),
            "/nowhere" => TestSite.Redirect(context, "http://[broken"),
            { } path when path.StartsWith("/chain/", StringComparison.Ordinal) =>
                TestSite.Redirect(context, $"/chain/{int.Parse(path[7..], CultureInfo.InvariantCulture) + 1}"),
            _ => TestSite.Html(context),
        });
        await using var crawl = new Crawl(site.Url("/"), FetcherOptions.Default with { RedirectsMax = 5 });
        crawl.AddWorker();
        var results = await crawl.FinishAsync();
        Assert.Equal((PageOutcome.Page, site.Url("/b/").Text, 1), (results["/a"].Outcome, results["/a"].FinalUrl, results["/a"].Redirects));
        Assert.Equal(PageOutcome.Page, results["/b/c"].Outcome);
        Assert.Equal("redirects in a circle", results["/loop"].Error);
        Assert.Equal("too many redirects", results["/chain/0"].Error);
        Assert.Equal("redirected out of scope", results["/away"].Error);
        Assert.Equal("redirected to no URL", results["/nowhere"].Error);
        Assert.Equal(6, site.Requests.Keys.Count(path => path.StartsWith("/chain/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_endless_calendar_is_cut_by_depth()
    {
        await using var site = await TestSite.StartAsync(Calendar);
        await using var crawl = new Crawl(site.Url("/cal?day=0"), depthMax: 7);
        crawl.AddWorker();
        var results = await crawl.FinishAsync();
        Assert.Equal(Enumerable.Range(0, 8).Select(day => $"/cal?day={day}").Order(StringComparer.Ordinal), results.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_endless_calendar_is_cut_by_the_page_limit()
    {
        await using var site = await TestSite.StartAsync(Calendar);
        await using var crawl = new Crawl(site.Url("/cal?day=0"), pagesMax: 25);
        crawl.AddWorker();
        Assert.Equal(25, (await crawl.FinishAsync()).Count);
        Assert.Equal(25UL, crawl.Queue.Stats(crawl.Plan.Urls).Accepted);
    }

    [Fact]
    public async Task Bodies_of_other_types_and_sizes_are_not_kept()
    {
        await using var site = await TestSite.StartAsync(async (context, _) =>
        {
            switch (context.Request.Path.Value)
            {
                case "/":
                    await TestSite.Html(context, "/data.bin", "/big", "/stated", "/plain");
                    break;
                case "/data.bin":
                    context.Response.ContentType = "application/octet-stream";
                    await context.Response.Body.WriteAsync(new byte[100]);
                    break;
                case "/plain":
                    context.Response.ContentType = "text/plain";
                    await TestSite.Text(context, "<a href=/not-a-link>");
                    break;
                default:
                    context.Response.ContentType = "text/html";
                    context.Response.ContentLength = context.Request.Path == "/stated" ? 200_000 : null;
                    await context.Response.Body.WriteAsync(new byte[200_000]);
                    break;
            }
        });
        await using var crawl = new Crawl(site.Url("/"), FetcherOptions.Default with { BodyBytesMax = 100_000 });
        crawl.AddWorker();
        var results = await crawl.FinishAsync();
        Assert.Equal((PageOutcome.Refused, "content type not wanted"), (results["/data.bin"].Outcome, results["/data.bin"].Error));
        Assert.Equal((PageOutcome.Refused, "larger than the limit"), (results["/big"].Outcome, results["/big"].Error));
        Assert.Equal((PageOutcome.Refused, "larger than the limit"), (results["/stated"].Outcome, results["/stated"].Error));
        Assert.Equal((PageOutcome.Page, "text/plain", 20UL), (results["/plain"].Outcome, results["/plain"].ContentType, results["/plain"].Length));
        Assert.Equal(5, results.Count);
    }

    [Fact]
    public async Task A_worker_that_stops_or_loses_answers_costs_nothing_but_time()
    {
        await using var site = await TestSite.StartAsync((context, _) =>
        {
            var n = int.Parse(context.Request.Path.Value![1..], CultureInfo.InvariantCulture);
            return n < 64 ? TestSite.Html(context, $"/{2 * n}", $"/{(2 * n) + 1}") : TestSite.Html(context);
        });
        await using var crawl = new Crawl(site.Url("/1"), FetcherOptions.Default with { IgnoreRobots = true });
        var commands = 0;
        crawl.Queue.LosesAnswer = _ => Interlocked.Increment(ref commands) % 7 == 0;
        for (var i = 0; i < 4; i++)
        {
            crawl.AddWorker(visibility: TimeSpan.FromMilliseconds(200));
        }

        var before = crawl.Queue.Stats(crawl.Plan.Urls).Acked;
        using (var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5)))
        {
            while (crawl.Queue.Stats(crawl.Plan.Urls).Acked < before + 20)
            {
                await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            }
        }

        await crawl.StopWorkerAsync();
        var results = await crawl.FinishAsync();
        Assert.Equal(127, results.Count);
        Assert.All(results.Values, item => Assert.Equal(PageOutcome.Page, item.Outcome));
    }

    [Fact]
    public async Task A_message_that_is_no_task_is_set_aside()
    {
        await using var site = await TestSite.StartAsync((context, _) => TestSite.Html(context));
        await using var crawl = new Crawl(site.Url("/"), FetcherOptions.Default with { IgnoreRobots = true });
        crawl.Queue.Execute(QueueCommand.Transact(QueueOperation.Enqueue(crawl.Plan.Urls, "x"u8.ToArray(), "garbage"u8.ToArray())));
        crawl.AddWorker();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (crawl.Queue.Stats(crawl.Plan.Urls).Open > 0)
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        Assert.Contains(crawl.Queue.Results(crawl.Plan.Results), item => item.Error == "not a URL task");
    }

    private static Task Calendar(Microsoft.AspNetCore.Http.HttpContext context, TestSite site)
    {
        var day = int.Parse(context.Request.Query["day"].FirstOrDefault() ?? "0", CultureInfo.InvariantCulture);
        return context.Request.Path == "/robots.txt" ? TestSite.Status(context, 404) : TestSite.Html(context, $"/cal?day={day + 1}");
    }
}
