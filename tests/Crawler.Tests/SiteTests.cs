using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Wetware.Crawler.Fetch;
using Wetware.Testing;

namespace Wetware.Crawler.Tests;

/// <summary>The demo site against the list of what a crawl of it must find, which was made without looking at its pages.</summary>
public class SiteTests
{
    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html", [".txt"] = "text/plain", [".svg"] = "image/svg+xml", [".bin"] = "application/octet-stream",
    };

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 6)]
    public async Task A_crawl_of_the_demo_site_finds_exactly_what_it_should(int workers, int parallelism)
    {
        var folder = Path.Combine(Conformance.Root, "samples", "Site");
        await using var site = await TestSite.StartAsync(Serve(folder));
        await using var crawl = new Crawl(site.Url("/"), FetcherOptions.Default with { ConcurrencyPerHostMax = 16 });
        for (var i = 0; i < workers; i++)
        {
            crawl.AddWorker(parallelism);
        }

        var results = await crawl.FinishAsync();
        var expected = (await File.ReadAllLinesAsync(Path.Combine(folder, "expected.tsv"), TestContext.Current.CancellationToken)).Skip(1).ToList();
        var found = results.Select(item => $"{item.Key}\t{item.Value.Outcome.ToString().ToLowerInvariant()}\t{item.Value.Status}");
        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        Assert.Equal(1 + 2 + 3, crawl.Observer.RetriedCount);
        Assert.DoesNotContain(site.Requests.Keys, path => path.StartsWith("/private/d", StringComparison.Ordinal));
        Assert.Equal("Caf\u00e9 ol\u00e9", results["/ways/old-charset.html"].Title);
        Assert.True(results["/ways/noindex.html"].NoIndex);
    }

    /// <summary>A plain file server that also does what site.json says.</summary>
    private static Func<HttpContext, TestSite, Task> Serve(string folder)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "site.json")));
        var redirects = json.RootElement.GetProperty("redirects").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!);
        var flaky = new ConcurrentDictionary<string, int>(
            json.RootElement.GetProperty("flaky").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt32()));
        return async (context, _) =>
        {
            var path = context.Request.Path.Value!;
            if (redirects.TryGetValue(path, out var target))
            {
                await TestSite.Redirect(context, target);
                return;
            }

            if (flaky.ContainsKey(path) && flaky.AddOrUpdate(path, 0, (_, left) => left - 1) >= 0)
            {
                await TestSite.Status(context, 503);
                return;
            }

            var file = Path.Combine(folder, "pages", path[1..].Replace('/', Path.DirectorySeparatorChar));
            file = path.EndsWith('/') ? Path.Combine(file, "index.html") : file;
            if (!File.Exists(file))
            {
                await TestSite.Status(context, 404);
                return;
            }

            context.Response.ContentType = Types[Path.GetExtension(file)];
            await context.Response.SendFileAsync(file);
        };
    }
}
