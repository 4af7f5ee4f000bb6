using Microsoft.Extensions.Logging.Abstractions;
using Wetware.Core;
using Wetware.Core.Identity;
using Wetware.Membership.Boot;

namespace Wetware.Host.Membership.Boot;

/// <summary>Looks for a node to talk to, for clients, which answer nobody.</summary>
public static class BootFinder
{
    /// <summary>Looks in all the given ways until somebody answers.</summary>
    /// <param name="targets">Where, each as <see cref="BootTarget"/> reads it.</param>
    /// <param name="ns">The cluster.</param>
    /// <param name="timeout">When to give up.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Addresses to dial, at least one; each ends in the peer that is there.</returns>
    /// <exception cref="WetwareOptionsException">A target is malformed.</exception>
    /// <exception cref="WetwareException">Nobody answered, or a target cannot be looked at.</exception>
    public static async Task<IReadOnlyList<string>> FindAsync(
        IReadOnlyList<string> targets, string ns, TimeSpan timeout, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(targets);
        var loop = new BootLoop(PeerKey.Create(), ns, (ulong)TimeProvider.System.GetTimestamp(), NullLogger.Instance);
        await using (loop.ConfigureAwait(false))
        {
            foreach (var text in targets)
            {
                if (!BootTarget.TryParse(text, out var target, out var error))
                {
                    throw new WetwareOptionsException($"'{text}': {error}");
                }

                loop.Add(target, answers: false);
            }

            if (loop.Told.Count == 0)
            {
                loop.Start(static () => true);
                await WaitAsync(loop, targets, ns, timeout, cancellation).ConfigureAwait(false);
            }

            return [.. loop.Told.Concat(loop.Found).Select(address => address.ToString())];
        }
    }

    private static async Task WaitAsync(BootLoop loop, IReadOnlyList<string> targets, string ns, TimeSpan timeout, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        try
        {
            await loop.MeetAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException failure) when (!cancellation.IsCancellationRequested)
        {
            throw new WetwareException($"nobody of namespace '{ns}' answered within {timeout.TotalSeconds:0.#} s at {string.Join(", ", targets)}", failure);
        }
    }
}
