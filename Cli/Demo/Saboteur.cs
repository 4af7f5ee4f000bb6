using Wetware.Protocol.Crawls;

namespace Wetware.Cli.Demo;

/// <summary>Kills the leader once half of the crawl is done, and starts it again a little later.</summary>
internal sealed class Saboteur(DemoCluster cluster, ulong expected, Action<string> say)
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);
    private Task? _work;

    /// <summary>Whether the leader was killed at all: a tiny site may be done before.</summary>
    public bool HasStruck => _work is not null;

    public void Look(CrawlStatus status, CancellationToken cancellation)
    {
        if (_work is null && status.Results * 2 >= expected)
        {
            _work = Task.Run(() => StrikeAsync(cancellation), cancellation);
        }
    }

    /// <summary>Waits until the killed node is back.</summary>
    public Task FinishAsync(CancellationToken cancellation) => (_work ??= StrikeAsync(cancellation)).WaitAsync(cancellation);

    private async Task StrikeAsync(CancellationToken cancellation)
    {
        var victim = await cluster.LeaderAsync(s_timeout, cancellation).ConfigureAwait(false);
        await victim.KillAsync(cancellation).ConfigureAwait(false);
        say($"killed    {victim.Name}, the leader, without warning");
        var leader = await cluster.LeaderAsync(s_timeout, cancellation).ConfigureAwait(false);
        say($"elected   {leader.Name}");
        await victim.StartAsync(cancellation).ConfigureAwait(false);
        say($"restarted {victim.Name} from its log");
    }
}
