using Wetware.Core;

namespace Wetware.Host.Consensus;

/// <summary>
/// A token bucket that tells whoever takes from it how long to wait. In any span of time no more is let through than the rate times that span and
/// <see cref="Burst"/>, and one piece. Time is passed in; one caller at a time.
/// </summary>
internal sealed class RateLimit
{
    /// <summary>How much unused time is kept: what passes at once after a rest.</summary>
    public static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(100);

    private readonly long _bytesPerSecond;
    // When all that was taken so far is paid for.
    private TimeSpan _paid = TimeSpan.MinValue;

    /// <param name="bytesPerSecond">The rate; at least 1.</param>
    public RateLimit(long bytesPerSecond)
    {
        Invariant.Check(bytesPerSecond > 0);
        _bytesPerSecond = bytesPerSecond;
    }

    /// <summary>Takes a piece, in any case.</summary>
    /// <param name="bytes">Its size.</param>
    /// <param name="now">On a clock that never goes back.</param>
    /// <returns>How long to wait before it is used; zero if it may be at once.</returns>
    public TimeSpan Take(int bytes, TimeSpan now)
    {
        var rested = now - Burst;
        var from = _paid > rested ? _paid : rested;
        _paid = from + TimeSpan.FromTicks(((bytes * TimeSpan.TicksPerSecond) + _bytesPerSecond - 1) / _bytesPerSecond);
        return from > now ? from - now : TimeSpan.Zero;
    }
}
