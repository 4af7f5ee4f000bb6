using Wetware.Cli.Tests.Crashes;
using Wetware.Cli.Tests.Programs;
using Wetware.Core;
using Wetware.Testing;

namespace Wetware.Cli.Tests.BadInput;

/// <summary>Crawls are named by number: those that exist can be listed and cancelled, others are refused.</summary>
public sealed class CrawlNumberTests(LiveNode live) : IClassFixture<LiveNode>
{
    [Theory]
    [InlineData("results")]
    [InlineData("cancel")]
    public async Task A_crawl_that_does_not_exist(string command) =>
        (await Ww.RunAsync(command, "99", "--join", live.Nodes[0].Address)).Refused(1, "there is no crawl 99");

    [Fact]
    public async Task A_crawl_that_is_cancelled_is_listed_as_such()
    {
        await using var site = await TestSite.StartAsync(new Prng(Property.Seed()), pages: 100);
        (await Ww.RunAsync("crawl", site.Root, "--detach", "--delay", "60000", "--join", live.Nodes[0].Address)).Succeeded();
        (await Ww.RunAsync("cancel", "1", "--join", live.Nodes[0].Address)).Succeeded();
        var listed = (await Ww.RunAsync("results", "--join", live.Nodes[0].Address)).Succeeded();
        Assert.Contains("Cancelled", Assert.Single(listed.OutputLines), StringComparison.Ordinal);
    }
}
