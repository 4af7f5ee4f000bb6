using Wetware.Client;
using Wetware.Core;
using Wetware.Membership.Routing;
using Wetware.Protocol.Routing;
using Wetware.Rpc;

namespace Wetware.Cli;

/// <summary>
/// Follows a query for as long as it is let. When the node is lost or stops answering, it goes on with the next that can be reached: those
/// it was told of, then those that the answer named; it gives up when none has answered for as long as the timeout.
/// </summary>
internal sealed class ListWatcher(Connector connector, Query query, Action<ClusterChangeKind?, ClusterRecord> print)
{
    /// <summary>Peers of the answer that are tried when none of those that were given answers.</summary>
    private const int OthersMax = 8;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);
    private readonly WatchedAnswer _answer = new(print);

    /// <exception cref="CommandException">No node answers any more.</exception>
    /// <exception cref="WetwareException">None answered to begin with, or the query was refused.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var client = await connector.ConnectAsync(cancellation).ConfigureAwait(false);
        while (true)
        {
            string why;
            await using (client.ConfigureAwait(false))
            {
                why = await FollowAsync(client, cancellation).ConfigureAwait(false);
            }

            await Console.Error.WriteLineAsync($"ww: lost {client.Address}: {why}; looking for another node").ConfigureAwait(false);
            client = await FindAsync(why, cancellation).ConfigureAwait(false);
            await Console.Error.WriteLineAsync($"ww: going on with {client.Address}").ConfigureAwait(false);
        }
    }

    /// <summary>Follows through one node until it is lost.</summary>
    /// <returns>Why it was.</returns>
    private async Task<string> FollowAsync(WetwareClient client, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var pulse = PulseAsync(client.Session, stop);
        try
        {
            _answer.Begin();
            await foreach (var changes in client.Session.FollowAsync(query, stop.Token).ConfigureAwait(false))
            {
                _answer.Apply(changes);
            }

            throw new CommandException($"{client.Address} grants this key no view of the cluster");
        }
        catch (Exception failure) when (failure is OperationCanceledException or WetwareException { InnerException: RpcException { Type: RpcErrorType.Disconnected or RpcErrorType.Overloaded } })
        {
            cancellation.ThrowIfCancellationRequested();
            return stop.IsCancellationRequested ? await pulse.ConfigureAwait(false) : failure.Message;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)pulse).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Asks the node again and again whether it is there: a quiet cluster and a hung node say the same, which is nothing.</summary>
    private async Task<string> PulseAsync(WetwareSession session, CancellationTokenSource stop)
    {
        using var timer = new PeriodicTimer(connector.Timeout / 3);
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token).ConfigureAwait(false))
            {
                await Answers.WithinAsync(connector.Timeout, limit => session.FirstAsync(query, limit), stop.Token).ConfigureAwait(false);
            }
        }
        catch (WetwareException)
        {
            await stop.CancelAsync().ConfigureAwait(false);
        }

        return $"it has not answered for {connector.Timeout.TotalSeconds:0.###} s";
    }

    private async Task<WetwareClient> FindAsync(string why, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(connector.Timeout);
        try
        {
            while (true)
            {
                if (await TryAsync(connector.ConnectAsync(limit.Token)).ConfigureAwait(false) is { } client)
                {
                    return client;
                }

                foreach (var peer in _answer.Known.Take(OthersMax))
                {
                    if (await TryAsync(connector.ConnectAsync(peer, limit.Token)).ConfigureAwait(false) is { } other)
                    {
                        return other;
                    }
                }

                await Task.Delay(s_pause, limit.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new CommandException($"{why}, and no other node answered within {connector.Timeout.TotalSeconds:0.###} s");
        }
    }

    private static async Task<WetwareClient?> TryAsync(Task<WetwareClient> connecting)
    {
        try
        {
            return await connecting.ConfigureAwait(false);
        }
        catch (WetwareException)
        {
            return null;
        }
    }
}
