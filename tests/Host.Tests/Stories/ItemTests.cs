using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Wetware.Core;
using Wetware.Crawler;
using Wetware.Host.Services.Processes;
using Wetware.Host.Storage;
using Wetware.Host.Tests.Processes;
using Wetware.Protocol.Crawls;
using Wetware.Protocol.Queues;
using Wetware.Queue;

namespace Wetware.Host.Tests.Stories;

/// <summary>Crawls whose items are made by programs.</summary>
public sealed class ItemTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);
    private static readonly string[] s_pages = ["fine", "trap", "loop", "flood", "garbage", "grow", "exit", "nothing", "last"];
    private readonly string _folder = Directory.CreateTempSubdirectory("ww-test-").FullName;

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_program_that_traps_loops_floods_or_writes_garbage_costs_its_page_the_item_and_the_crawl_nothing()
    {
        await using var site = await SiteAsync();
        var root = site.Urls.First();
        await using var node = await StartAsync("1");
        var items = await CrawlAsync(node, node, root, Roms.Item);
        Assert.Equal(s_pages.Append("").Order(StringComparer.Ordinal), items.Keys.Select(url => url[(root.Length + 1)..]).Order(StringComparer.Ordinal));
        Assert.All(items.Values, item => Assert.Equal((PageOutcome.Page, ""), (item.Outcome, item.Error)));

        const string Body = "<title>The page</title>fine";
        Assert.Equal(
            ($"url: {root}/fine|final-url: {root}/fine|status: 200|content-type: text/html|depth: 1|length: {Body.Length}|{Body}", ""), Of("fine"));
        Assert.Equal(("", "the program trapped: "), Cut(Of("trap")));
        Assert.Equal(("", "the program trapped: "), Cut(Of("loop")));
        Assert.Equal(("", "the program trapped: "), Cut(Of("grow")));
        Assert.Equal(("", "the program wrote more than 65536 bytes"), Of("flood"));
        Assert.Equal(("", "the program wrote what is not UTF-8"), Of("garbage"));
        Assert.Equal(("", "the program exited with 3: not today"), Of("exit"));
        Assert.Equal(("", ""), Of("nothing"));
        Assert.EndsWith("last", Of("last").Item, StringComparison.Ordinal);
        Assert.Empty(await node.Session.Processes.ListAsync(Limit));

        (string Item, string Error) Of(string page) => (items[$"{root}/{page}"].Extracted, items[$"{root}/{page}"].ExtractError);

        static (string, string) Cut((string Item, string Error) what) => (what.Item, what.Error[..Math.Min(what.Error.Length, "the program trapped: ".Length)]);
    }

    [Fact]
    public async Task The_program_reaches_every_node()
    {
        await using var site = await SiteAsync();
        var root = site.Urls.First();
        await using var one = await StartAsync("1");
        await using (var two = await StartAsync("2", one.Addresses[0].ToString()))
        {
            var items = await CrawlAsync(two, one, root, Roms.Extract);
            Assert.Equal(s_pages.Length + 1, items.Count);
            Assert.All(items.Values, item => Assert.Equal("", item.ExtractError));
            Assert.Equal($$"""{"url":"{{root}}/last","title":"The page","words":3}""" + "\n", items[$"{root}/last"].Extracted);
            await ReleasedAsync(one, two);
        }
    }

    [Fact]
    public async Task The_largest_program_that_is_allowed_makes_items()
    {
        await using var site = await SiteAsync();
        var root = site.Urls.First();
        await using var one = await StartAsync("1");
        await using var two = await StartAsync("2", one.Addresses[0].ToString());
        var items = await CrawlAsync(two, one, root, Roms.Padded(Roms.Extract, 8 << 20));
        Assert.Equal(s_pages.Length + 1, items.Count);
        Assert.All(items.Values, item => Assert.Equal("", item.ExtractError));
        await ReleasedAsync(one, two);
    }

    [Fact]
    public async Task A_program_is_kept_until_its_crawl_has_ended_and_no_longer()
    {
        await using var site = await SiteAsync();
        var root = site.Urls.First();
        await using var node = await StartAsync("1");
        var crawls = new List<ulong>();
        for (var i = 0; i < 2; i++)
        {
            crawls.Add(await node.Session.Crawls.StartAsync(new CrawlRequest([root + "/endless/0"]) { Rom = Roms.Extract }, Limit));
        }

        Assert.Equal(2ul, await PiecesAsync(node));
        await node.Session.Crawls.CancelAsync(crawls[0], Limit);
        await ReleasedAsync(1, node);
        // The other still has its own.
        var seen = new HashSet<string>();
        while (seen.Count < 20)
        {
            await foreach (var result in node.Session.Crawls.ResultsAsync(crawls[1], cancellation: Limit))
            {
                seen.Add(result.Item.Url);
                Assert.Equal("", result.Item.ExtractError);
            }
        }

        await node.Session.Crawls.CancelAsync(crawls[1], Limit);
        await ReleasedAsync(0, node);
        // And the same program can be used again.
        Assert.Equal(s_pages.Length + 1, (await CrawlAsync(node, node, root, Roms.Extract)).Count);
        await ReleasedAsync(0, node);
    }

    [Fact]
    public async Task What_is_no_program_is_refused_before_the_crawl_begins()
    {
        await using var node = await StartAsync("1");
        var refused = await Assert.ThrowsAsync<WetwareException>(() => node.Session.Crawls.StartAsync(
            new CrawlRequest(["http://127.0.0.1:1/"]) { Rom = "no module"u8.ToArray() }, Limit));
        Assert.StartsWith("the module is refused: ", refused.Message, StringComparison.Ordinal);
        refused = await Assert.ThrowsAsync<WetwareException>(() => node.Session.Crawls.StartAsync(
            new CrawlRequest(["http://127.0.0.1:1/"]) { Rom = new byte[(8 << 20) + 1] }, Limit));
        Assert.Equal("the program of a crawl has at most 8388608 bytes", refused.Message);
        Assert.Empty(await node.Session.Crawls.ListAsync(Limit));
    }

    private static async Task<Dictionary<string, PageItem>> CrawlAsync(WetwareNode starter, WetwareNode reader, string root, byte[] rom)
    {
        var id = await starter.Session.Crawls.StartAsync(new CrawlRequest([root + "/"]) { Rom = rom }, Limit);
        while (true)
        {
            var changed = starter.GroupsChanged;
            if ((await starter.Session.Crawls.StatusAsync(id, Limit)).State == CrawlState.Done)
            {
                break;
            }

            await changed.WaitAsync(s_patience, Limit);
        }

        return await reader.Session.Crawls.ResultsAsync(id, cancellation: Limit).ToDictionaryAsync(result => result.Item.Url, result => result.Item, cancellationToken: Limit);
    }

    private static Task ReleasedAsync(params WetwareNode[] nodes) => ReleasedAsync(0, nodes);

    /// <summary>Waits until the replicated state holds so many pieces of programs.</summary>
    private static async Task ReleasedAsync(ulong pieces, params WetwareNode[] nodes)
    {
        foreach (var node in nodes)
        {
            while (true)
            {
                var changed = node.GroupsChanged;
                if (await PiecesAsync(node) == pieces)
                {
                    break;
                }

                await changed.WaitAsync(s_patience, Limit);
            }
        }
    }

    private static async Task<ulong> PiecesAsync(WetwareNode node)
    {
        var stats = (await node.Session.Queues.QueryAsync(QueueQuery.Topics, Limit)).Topics.Single(topic => topic.Name == "crawls/roms").Stats;
        return stats.Ready + stats.Leased + stats.Dead;
    }

    private Task<WetwareNode> StartAsync(string name, params string[] join) => WetwareNode.StartAsync(
        WetwareOptions.Default with
        {
            DataFolder = Path.Combine(_folder, name),
            Join = join,
            Processes = ProcessOptions.Default with { ItemTimeMax = TimeSpan.FromSeconds(5), MemoryBytesMax = 16 << 20 },
        },
        cancellation: Limit);

    private static async Task<WebApplication> SiteAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.MapGet("/", () => Results.Text(string.Concat(s_pages.Select(page => $"<a href='/{page}'>{page}</a>")), "text/html"));
        app.MapGet("/{page}", (string page) => s_pages.Contains(page) ? Results.Text($"<title>The page</title>{page}", "text/html") : Results.NotFound());
        app.MapGet("/endless/{number}", (int number) => Results.Text($"<title>The page</title><a href='/endless/{number + 1}'>next</a>", "text/html"));
        await app.StartAsync(Limit);
        return app;
    }
}
