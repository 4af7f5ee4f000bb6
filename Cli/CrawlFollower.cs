using Wetware.Client;
using Wetware.Core;
using Wetware.Protocol.Crawls;

namespace Wetware.Cli;

/// <summary>Asks for a crawl's status until it ends, and goes on with another node when one dies; gives up when none has answered for as long as the timeout.</summary>
internal static class CrawlFollower
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(200);

    public static async Task<CrawlStatus> FollowAsync(
        Connector connector, ulong id, Action<CrawlStatus, TimeSpan> show, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        var answered = started;
        WetwareClient? client = null;
        try
        {
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                try
                {
                    client ??= await connector.ConnectAsync(cancellation).ConfigureAwait(false);
                    var status = await Answers.WithinAsync(connector.Timeout, stop => client.Session.Crawls.StatusAsync(id, stop), cancellation).ConfigureAwait(false);
                    answered = TimeProvider.System.GetTimestamp();
                    show(status, TimeProvider.System.GetElapsedTime(started));
                    if (status.State != CrawlState.Running)
                    {
                        return status;
                    }
                }
                catch (WetwareException) when (TimeProvider.System.GetElapsedTime(answered) < connector.Timeout)
                {
                    // The crawl goes on without this node; it, or another, may answer again.
                    if (client is not null)
                    {
                        await client.DisposeAsync().ConfigureAwait(false);
                        client = null;
                    }
                }

                await Task.Delay(s_interval, cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            if (client is not null)
            {
                await client.DisposeAsync().ConfigureAwait(false);
            }
        }
    }
}
