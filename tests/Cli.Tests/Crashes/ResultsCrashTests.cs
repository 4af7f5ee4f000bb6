using System.Globalization;
using System.Text;
using System.Text.Json;
using Wetware.Cli.Tests.Programs;
using Wetware.Client;
using Wetware.Crawler;
using Wetware.Host.Services.Crawling;
using Wetware.Protocol.Crawls;
using Wetware.Protocol.Queues;
using Wetware.Queue;

namespace Wetware.Cli.Tests.Crashes;

/// <summary><c>ww results</c> while the node that it reads from dies by SIGKILL.</summary>
public sealed class ResultsCrashTests
{
    // More than a pipe, a window and the waiting items of a reader hold together, so that the node dies before it has sent all.
    private const int Results = 4_000;
    private const int ResultBytes = 2_000;
    private const int Batch = 100;

    [Fact]
    public async Task They_go_on_through_another_node_where_the_first_left_off()
    {
        using var cluster = await Trio.StartAsync();
        await PublishAsync(cluster.Nodes[1]);
        using var reader = Ww.Start(Ww.StartInfo(["results", "1", "--json", "--timeout", "60", .. cluster.Join]));
        var error = reader.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var lines = new List<string>();
        while (lines.Count < Results)
        {
            var line = await Patience.For(reader.StandardOutput.ReadLineAsync(CancellationToken.None).AsTask(), "the next result");
            if (line is null)
            {
                break;
            }

            lines.Add(line);
            if (lines.Count == 1)
            {
                cluster.Nodes[0].Kill();
            }
        }

        Assert.Equal("", await Patience.For(reader.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), "the end of the results"));
        Assert.True(await CodeAsync(reader) == 0, await error);
        Assert.Equal(Enumerable.Range(0, Results).Select(Url), lines.Select(Url));
        Assert.Contains("going on at result ", await error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_no_node_is_left_one_line_says_how_to_go_on()
    {
        using var folder = new Folder();
        using var node = new WwNode("only", folder.FullPath);
        await node.StartAsync();
        await PublishAsync(node);
        using var reader = Ww.Start(Ww.StartInfo(["results", "1", "--json", "--timeout", "5", "--join", node.Address]));
        var error = reader.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.NotNull(await Patience.For(reader.StandardOutput.ReadLineAsync(CancellationToken.None).AsTask(), "the first result"));
        node.Kill();
        var rest = await Patience.For(reader.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), "the end of the results");
        Assert.Equal(1, await CodeAsync(reader));
        var next = rest.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length + 1;
        Assert.InRange(next, 2, Results - 1);
        Assert.EndsWith(
            string.Create(CultureInfo.InvariantCulture, $"go on with: ww results 1 --from {next}"), (await error).TrimEnd(), StringComparison.Ordinal);
        Ended.NoTrace(await error);
    }

    /// <summary>A crawl of nothing, with results that the test made.</summary>
    private static async Task PublishAsync(WwNode node)
    {
        await using var client = await WetwareClient.ConnectAsync([node.Address], WetwareClientOptions.Default with { Timeout = Patience.Limit }, TestContext.Current.CancellationToken);
        var queues = client.Session.Queues;
        var topic = (await queues.ExecuteAsync(QueueCommand.CreateTopic(CrawlNames.Results(1), CrawlPlan.ResultsTopic), TestContext.Current.CancellationToken)).Topic;
        for (var i = 0; i < Results; i += Batch)
        {
            var batch = Enumerable.Range(i, Batch).Select(number => QueueOperation.Enqueue(topic, Encoding.UTF8.GetBytes(Url(number)), Encode(number))).ToArray();
            Assert.Equal(QueueStatus.Ok, (await queues.ExecuteAsync(QueueCommand.Transact(batch), TestContext.Current.CancellationToken)).Status);
        }

        // Its one page is not to be had, and by the time it would be tried again the crawl is long over.
        var id = await client.Session.Crawls.StartAsync(new CrawlRequest(["http://127.0.0.1:1/"]) { Delay = TimeSpan.FromHours(1) }, TestContext.Current.CancellationToken);
        Assert.Equal(1ul, id);
        await client.Session.Crawls.CancelAsync(id, TestContext.Current.CancellationToken);
    }

    private static byte[] Encode(int number) => PageItemCodec.Encode(new PageItem { Url = Url(number), FinalUrl = Url(number), Title = new string('x', ResultBytes) });

    private static string Url(int number) => string.Create(CultureInfo.InvariantCulture, $"http://example.org/{number}");

    private static string Url(string line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("url").GetString()!;
    }

    private static async Task<int> CodeAsync(System.Diagnostics.Process process)
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }
}
