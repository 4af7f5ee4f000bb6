namespace Wetware.Core;

/// <summary>
/// Limits a rate. Tokens come in at a steady rate, up to a capacity; each unit of what is counted (a frame, a byte) takes one. Over any
/// interval, at most rate x interval + capacity tokens are granted. The interval counts its first and last tick of 100 ns in. A taker that
/// never pauses gets the whole rate, if the capacity is at least what comes in during a tick. The caller passes the time in; while it goes
/// back, nothing comes in. Not safe for use by several threads at once.
/// Invariant: the level is never above the capacity.
/// </summary>
public struct TokenBucket
{
    /// <summary>
    /// The largest capacity. A larger one could not be counted exactly in 64 bits, and breaks the constructor's invariant.
    /// </summary>
    public const long TokensMax = 1L << 38;

    private readonly long _tokensPerSecond;
    private readonly long _levelMax;
    // In units of what a rate of one token per second brings in a tick. Below zero, callers of Take wait for it.
    private long _level;
    private TimeSpan _at;

    /// <summary>A full bucket.</summary>
    /// <param name="tokensPerSecond">The rate; at least 1.</param>
    /// <param name="tokensMax">The capacity: what is granted at once after a pause. From 1 to <see cref="TokensMax"/>.</param>
    /// <param name="now">The present.</param>
    public TokenBucket(long tokensPerSecond, long tokensMax, TimeSpan now)
    {
        Invariant.Check(tokensPerSecond > 0 && tokensMax is > 0 and <= TokensMax);
        _tokensPerSecond = tokensPerSecond;
        _level = _levelMax = tokensMax * TimeSpan.TicksPerSecond;
        _at = now;
    }

    /// <summary>Whether the level is at the capacity.</summary>
    public readonly bool IsFull(TimeSpan now) => LevelAt(now) == _levelMax;

    /// <summary>Takes tokens if there are enough.</summary>
    /// <param name="tokens">From 1 to the capacity.</param>
    /// <param name="now">The present.</param>
    /// <returns>Whether there were enough. If not, none were taken.</returns>
    public bool TryTake(long tokens, TimeSpan now)
    {
        Fill(now);
        var cost = Cost(tokens);
        if (_level < cost)
        {
            return false;
        }

        _level -= cost;
        return true;
    }

    /// <summary>Takes tokens now, even if they are still to come in; later callers then wait longer.</summary>
    /// <param name="tokens">From 1 to the capacity.</param>
    /// <param name="now">The present.</param>
    /// <returns>How long the caller must wait before it goes on.</returns>
    public TimeSpan Take(long tokens, TimeSpan now)
    {
        Fill(now);
        _level = checked(_level - Cost(tokens));
        return _level >= 0 ? TimeSpan.Zero : TimeSpan.FromTicks(DivideUp(-_level, _tokensPerSecond));
    }

    private void Fill(TimeSpan now)
    {
        _level = LevelAt(now);
        _at = now > _at ? now : _at;
    }

    private readonly long LevelAt(TimeSpan now)
    {
        var passed = now > _at ? (now - _at).Ticks : 0;
        return passed >= DivideUp(_levelMax - _level, _tokensPerSecond) ? _levelMax : _level + (passed * _tokensPerSecond);
    }

    private readonly long Cost(long tokens)
    {
        Invariant.Check(tokens > 0 && tokens <= _levelMax / TimeSpan.TicksPerSecond);
        return tokens * TimeSpan.TicksPerSecond;
    }

    private static long DivideUp(long dividend, long divisor) => (dividend / divisor) + (dividend % divisor == 0 ? 0 : 1);
}
