using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Wetware.Crawler;
using Wetware.Host.Client;
using Wetware.Host.Tests.Processes;

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
        }
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
        await app.StartAsync(Limit);
        return app;
    }
}
