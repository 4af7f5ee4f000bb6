using System.Runtime.CompilerServices;
using Wetware.Core;

namespace Wetware.Cli;

/// <summary>Waits for the answers of a node that is connected, but no longer than the user said: it may hang, or have no majority to ask.</summary>
internal static class Answers
{
    /// <exception cref="WetwareException">The node did not answer in time, or refused.</exception>
    public static async Task<T> WithinAsync<T>(TimeSpan timeout, Func<CancellationToken, Task<T>> ask, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        try
        {
            return await ask(limit.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (limit.IsCancellationRequested && failure is WetwareException or OperationCanceledException)
        {
            throw Late(timeout, failure, cancellation);
        }
    }

    /// <summary>For answers that come in pieces; the time is for each of them.</summary>
    /// <exception cref="WetwareException">The node did not answer in time, or refused.</exception>
    public static async IAsyncEnumerable<T> WithinAsync<T>(
        TimeSpan timeout, Func<CancellationToken, IAsyncEnumerable<T>> ask, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var items = ask(limit.Token).GetAsyncEnumerator(limit.Token);
        await using (items.ConfigureAwait(false))
        {
            while (true)
            {
                limit.CancelAfter(timeout);
                try
                {
                    if (!await items.MoveNextAsync().ConfigureAwait(false))
                    {
                        yield break;
                    }
                }
                catch (Exception failure) when (limit.IsCancellationRequested && failure is WetwareException or OperationCanceledException)
                {
                    throw Late(timeout, failure, cancellation);
                }

                // What is done with a piece takes as long as it takes.
                limit.CancelAfter(Timeout.InfiniteTimeSpan);
                yield return items.Current;
            }
        }
    }

    private static WetwareException Late(TimeSpan timeout, Exception failure, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return new WetwareException(
            $"the node did not answer within {timeout.TotalSeconds:0.###} s; without a majority of its voters it cannot (see 'ww status')", failure);
    }
}
