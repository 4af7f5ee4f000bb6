using Wetware.Client;
using Wetware.Core;
using Wetware.Crawler;
using Wetware.Protocol.Crawls;
using Wetware.Rpc;

namespace Wetware.Cli;

/// <summary>
/// Reads the results of a crawl to their end. When the node is lost, or cannot answer for the moment, it goes on behind the last result with the
/// next that can be reached; it gives up when nothing has come for as long as the timeout, and says where to go on.
/// </summary>
internal sealed class ResultsFollower(Connector connector, ulong crawl, ulong from, Action<ulong, PageItem> take)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);
    private readonly ulong _first = from;
    private ulong _next = from;
    private long _movedAt = TimeProvider.System.GetTimestamp();
    private bool _hasReported;

    /// <param name="client">Connected; it stays the caller's.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="CommandException">No more results can be had for now, but some were.</exception>
    /// <exception cref="WetwareException">None was had, or the node refused.</exception>
    public async Task RunAsync(WetwareClient client, CancellationToken cancellation)
    {
        var current = client;
        try
        {
            while (!await TryReadAsync(current, cancellation).ConfigureAwait(false))
            {
                if (!ReferenceEquals(current, client))
                {
                    await current.DisposeAsync().ConfigureAwait(false);
                    current = client;
                }

                current = await ReconnectAsync(cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            if (!ReferenceEquals(current, client))
            {
                await current.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Reads through one node.</summary>
    /// <returns>Whether that was all; if not, another try is worth it.</returns>
    private async Task<bool> TryReadAsync(WetwareClient client, CancellationToken cancellation)
    {
        try
        {
            await foreach (var (offset, item) in Answers.WithinAsync(
                connector.Timeout, stop => client.Session.Crawls.ResultsAsync(crawl, _next, stop), cancellation).ConfigureAwait(false))
            {
                take(offset, item);
                _next = offset + 1;
                _movedAt = TimeProvider.System.GetTimestamp();
                _hasReported = false;
            }

            return true;
        }
        catch (WetwareException failure) when (failure is { InnerException: RpcException { Type: RpcErrorType.Disconnected or RpcErrorType.Overloaded } })
        {
            await BearAsync(failure, $"lost {client.Address}", cancellation).ConfigureAwait(false);
            return false;
        }
        catch (WetwareException failure) when (_next > _first)
        {
            throw Ended(failure);
        }
    }

    private async Task<WetwareClient> ReconnectAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await connector.ConnectAsync(cancellation).ConfigureAwait(false);
            }
            catch (WetwareException failure)
            {
                await BearAsync(failure, "no node", cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Pauses after a failure; throws it once nothing has come for too long.</summary>
    private async Task BearAsync(WetwareException failure, string what, CancellationToken cancellation)
    {
        if (TimeProvider.System.GetElapsedTime(_movedAt) >= connector.Timeout)
        {
            throw _next > _first ? Ended(failure) : failure;
        }

        if (!_hasReported)
        {
            _hasReported = true;
            await Console.Error.WriteLineAsync($"ww: {what}: {failure.Message}; going on at result {_next}").ConfigureAwait(false);
        }

        await Task.Delay(s_pause, cancellation).ConfigureAwait(false);
    }

    private CommandException Ended(WetwareException failure) =>
        new($"{failure.Message}; the results before {_next} were printed, go on with: ww results {crawl} --from {_next}");
}
