using Wetware.Protocol.Crawls;


namespace Wetware.Cli.Demo;

/// <summary>The whole demo: site, nodes, crawl, kill, restart, check.</summary>
internal static class DemoRun
{
    private const int Nodes = 3;
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(string? site, string? data, ulong pages, uint delay, bool isInsecure, bool json, CancellationToken cancellation)
    {
        var isUrl = site is not null && (site.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || site.StartsWith("https://", StringComparison.OrdinalIgnoreCase));
        await using var server = isUrl ? null : await SiteServer.StartAsync(site ?? DefaultSite(), cancellation).ConfigureAwait(false);
        var root = isUrl ? new Uri(site!) : server!.Root;
        Say(json, $"site      {root}");
        var expected = await SiteWalk.WalkAsync(root, pages, cancellation).ConfigureAwait(false);
        server?.StartOver();
        Say(json, $"reachable {expected.Count} URLs, by walking the site without a cluster");

        var folder = data ?? Directory.CreateTempSubdirectory("ww-demo-").FullName;
        var cluster = new DemoCluster(Nodes, folder, isInsecure);
        try
        {
            var report = await CrawlAsync(cluster, root, pages, delay, expected, json, cancellation).ConfigureAwait(false);
            report.Print(json);
            if (!report.IsComplete)
            {
                Console.Error.WriteLine($"ww: the crawl is not complete; the nodes' logs are in {folder}");
                return ExitCode.Failure;
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Console.Error.WriteLine($"ww: the nodes' logs are in {folder}");
            throw;
        }
        finally
        {
            cluster.Dispose();
        }

        if (data is null)
        {
            Directory.Delete(folder, recursive: true);
        }

        return ExitCode.Success;
    }

    private static async Task<DemoReport> CrawlAsync(
        DemoCluster cluster, Uri root, ulong pages, uint delay, IReadOnlySet<string> expected, bool json, CancellationToken cancellation)
    {
        await cluster.StartAsync(cancellation).ConfigureAwait(false);
        foreach (var node in cluster.Nodes)
        {
            Say(json, $"{node.Name,-9} {node.Address}");
        }

        await cluster.FormAsync(s_timeout, cancellation).ConfigureAwait(false);
        Say(json, $"cluster   {Nodes} voters, leader {(await cluster.LeaderAsync(s_timeout, cancellation).ConfigureAwait(false)).Name}");

        var started = TimeProvider.System.GetTimestamp();
        var id = await StartCrawlAsync(cluster, root, pages, delay, cancellation).ConfigureAwait(false);
        using var progress = new ProgressLine();
        var saboteur = new Saboteur(cluster, (ulong)expected.Count, text =>
        {
            progress.Clear();
            Say(json, text);
        });
        var status = await CrawlFollower.FollowAsync(
            cluster.NewConnector(s_timeout),
            id,
            (current, elapsed) =>
            {
                progress.Show(current, elapsed);
                saboteur.Look(current, cancellation);
            },
            cancellation).ConfigureAwait(false);
        var elapsed = TimeProvider.System.GetElapsedTime(started);
        await saboteur.FinishAsync(cancellation).ConfigureAwait(false);
        progress.Clear();
        return await DemoReport.MakeAsync(cluster, id, status, expected, elapsed, s_timeout, cancellation).ConfigureAwait(false);
    }

    private static async Task<ulong> StartCrawlAsync(DemoCluster cluster, Uri root, ulong pages, uint delay, CancellationToken cancellation)
    {
        await using var client = await cluster.ConnectAsync(s_timeout, cancellation).ConfigureAwait(false);
        var request = new CrawlRequest([root.AbsoluteUri]) { PagesMax = pages, WorkersPerNode = 4, Delay = TimeSpan.FromMilliseconds(delay) };
        return await client.Session.Crawls.StartAsync(request, cancellation).ConfigureAwait(false);
    }

    /// <summary>The site that ships with the program, beside it.</summary>
    private static string DefaultSite()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "site");
        return Directory.Exists(folder) ? folder : throw new DemoException($"the demo site is missing from {folder}; name another with --site");
    }

    private static void Say(bool json, string text)
    {
        if (!json)
        {
            Console.WriteLine(text);
        }
    }
}
