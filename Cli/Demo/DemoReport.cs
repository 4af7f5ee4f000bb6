using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Wetware.Crawler;
using Wetware.Protocol.Crawls;

namespace Wetware.Cli.Demo;

/// <summary>What the demo measured, and whether the crawl was complete.</summary>
internal sealed record DemoReport
{
    public required int Expected { get; init; }

    public required int Results { get; init; }

    public required int Pages { get; init; }

    public required ulong Bytes { get; init; }

    public required TimeSpan Elapsed { get; init; }

    public required ulong Retries { get; init; }

    public required ulong Term { get; init; }

    public required int LeaderChanges { get; init; }

    public required int Lost { get; init; }

    public required int Duplicates { get; init; }

    public required int Unexpected { get; init; }

    public required ulong Digest { get; init; }

    /// <summary>Every reachable URL has exactly one result, and nothing else has any.</summary>
    public bool IsComplete => Lost == 0 && Duplicates == 0 && Unexpected == 0;

    public static async Task<DemoReport> MakeAsync(
        DemoCluster cluster, ulong id, CrawlStatus status, IReadOnlySet<string> expected, TimeSpan elapsed, TimeSpan timeout, CancellationToken cancellation)
    {
        var digest = await cluster.AgreeAsync(timeout, cancellation).ConfigureAwait(false);
        await using var client = await cluster.ConnectAsync(timeout, cancellation).ConfigureAwait(false);
        var term = (await client.Session.StatusAsync(cancellation).ConfigureAwait(false))[0].Term;
        var items = new List<PageItem>();
        await foreach (var (_, item) in client.Session.Crawls.ResultsAsync(id, 0, cancellation).ConfigureAwait(false))
        {
            items.Add(item);
        }

        var found = items.Select(item => item.Url).ToHashSet(StringComparer.Ordinal);
        return new DemoReport
        {
            Expected = expected.Count,
            Results = items.Count,
            Pages = items.Count(item => item.Outcome == PageOutcome.Page),
            Bytes = items.Aggregate(0UL, (sum, item) => sum + item.Length),
            Elapsed = elapsed,
            Retries = status.Retries,
            Term = term.Value,
            LeaderChanges = LeaderLog.Changes(cluster),
            Lost = expected.Count(url => !found.Contains(url)),
            Duplicates = items.Count - found.Count,
            Unexpected = found.Count(url => !expected.Contains(url)),
            Digest = digest,
        };
    }

    public void Print(bool json)
    {
        var seconds = Math.Max(Elapsed.TotalSeconds, 0.001);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                complete = IsComplete,
                reachable = Expected,
                results = Results,
                pages = Pages,
                bytes = Bytes,
                seconds,
                pagesPerSecond = Results / seconds,
                retries = Retries,
                leaderChanges = LeaderChanges,
                lost = Lost,
                duplicates = Duplicates,
                unexpected = Unexpected,
                digest = Digest.ToString("x16", CultureInfo.InvariantCulture),
            }));
            return;
        }

        var table = new Table().Border(TableBorder.Rounded).AddColumn("").AddColumn(new TableColumn("").RightAligned()).HideHeaders();
        Row(table, "reachable URLs", $"{Expected}");
        Row(table, "results", $"{Results}");
        Row(table, "pages read", $"{Pages}");
        Row(table, "bytes", $"{Bytes}");
        Row(table, "seconds", $"{Elapsed.TotalSeconds:0.00}");
        Row(table, "results per second", $"{Results / seconds:0}");
        Row(table, "retries", $"{Retries}");
        Row(table, "leader changes", $"{LeaderChanges}");
        Row(table, "lost", $"{Lost}");
        Row(table, "duplicates", $"{Duplicates}");
        Row(table, "not expected", $"{Unexpected}");
        Row(table, "digest of all three replicas", $"{Digest:x16}");
        AnsiConsole.Write(table);
        Console.WriteLine(IsComplete ? "complete: every reachable URL is in the results exactly once" : "NOT complete");
    }

    private static void Row(Table table, string name, FormattableString value) => table.AddRow(name, value.ToString(CultureInfo.InvariantCulture));
}
