using System.Text.Json;
using Wetware.Cli.Tests.Programs;
using Wetware.Core;
using Wetware.Testing;

namespace Wetware.Cli.Tests.Crashes;

/// <summary>Nodes die by SIGKILL in the middle of a crawl. A failure is replayed with the WW_SEED that the test prints.</summary>
public sealed class CrawlCrashTests
{
    private const int Pages = 200;

    [Fact]
    public async Task One_of_three_dies_and_comes_back_and_every_page_is_found_once()
    {
        var prng = new Prng(Property.Seed());
        await using var site = await TestSite.StartAsync(prng.Fork(), Pages);
        using var cluster = await Trio.StartAsync();
        var victim = cluster.Nodes[(int)prng.Below(3)];
        site.StrikeAt(prng.Between(1, Pages), victim.Kill);
        var crawl = CrawlAsync(cluster, site);
        await Patience.For(site.Struck, "the strike");
        if (prng.Chance(0.25))
        {
            RequireDone(await crawl);
        }

        await victim.StartAsync();
        RequireDone(await crawl);
        await RequireEachPageOnceAsync(site, victim);
        await cluster.ConvergedAsync();
    }

    [Fact]
    public async Task Two_of_three_die_and_nothing_moves_or_is_answered_wrongly_until_one_is_back()
    {
        var prng = new Prng(Property.Seed());
        await using var site = await TestSite.StartAsync(prng.Fork(), Pages);
        using var cluster = await Trio.StartAsync();
        var order = cluster.Nodes.ToArray();
        prng.Shuffle(order.AsSpan());
        var (survivor, first, second) = (order[0], order[1], order[2]);
        site.StrikeAt(prng.Between(1, Pages - 50), () =>
        {
            first.Kill();
            second.Kill();
        });
        var crawl = CrawlAsync(cluster, site);
        await Patience.For(site.Struck, "the strike");

        var before = (await Patience.Until(survivor.StatusAsync, status => status?.Leader == NodeId.None, "the survivor to know that nobody leads"))!;
        (await Ww.RunAsync("results", "1", "--timeout", "2", "--join", survivor.Address)).Refused(1, "did not answer within 2 s");
        var shown = (await Ww.RunAsync("status", "--join", survivor.Address)).Succeeded();
        Assert.Contains("no leader: 2 of 3 voters must be up", shown.Output, StringComparison.Ordinal);
        var after = (await survivor.StatusAsync())!;
        Assert.Equal((before.Commit, before.Applied, before.Digest), (after.Commit, after.Applied, after.Digest));
        Assert.False(crawl.IsCompleted);

        await first.StartAsync();
        RequireDone(await crawl);
        await RequireEachPageOnceAsync(site, first);
        await second.StartAsync();
        await cluster.ConvergedAsync();
    }

    /// <summary>Runs a crawl to its end, whichever nodes answer meanwhile.</summary>
    private static Task<Ended> CrawlAsync(Trio cluster, TestSite site) => Ww.RunAsync(["crawl", site.Root, "--json", "--workers", "4", "--timeout", "80", .. cluster.Join]);

    private static void RequireDone(Ended crawl)
    {
        using var end = JsonDocument.Parse(crawl.Succeeded().Output);
        Assert.Equal("Done", end.RootElement.GetProperty("state").GetString());
        Assert.Equal(Pages, end.RootElement.GetProperty("results").GetInt32());
    }

    private static async Task RequireEachPageOnceAsync(TestSite site, WwNode node)
    {
        var results = (await Ww.RunAsync("results", "1", "--json", "--join", node.Address)).Succeeded();
        var pages = new List<string>();
        foreach (var line in results.OutputLines)
        {
            using var result = JsonDocument.Parse(line);
            pages.Add(result.RootElement.GetProperty("url").GetString()!);
            Assert.Equal("Page", result.RootElement.GetProperty("outcome").GetString());
        }

        Assert.Equal(site.Reachable, pages.Order(StringComparer.Ordinal));
    }
}
