namespace Wetware.Core;

/// <summary>
/// Limits a rate: a bucket that fills steadily and from which whoever passes takes tokens, one for each unit of what is counted (a frame, a byte).
/// In any span of time, its first and last tick of 100 ns counted in, no more passes than the rate times that span, and what the bucket holds. A busy
/// taker gets all of the rate, if the bucket holds what comes in a tick. Time is passed in; a clock that goes back counts as one that stands. One caller
/// at a time.
/// Invariant: the level is never above what the bucket holds.
/// </summary>
public struct TokenBucket
{
    /// <summary>The most tokens that a bucket holds, so that its level is counted exactly in 64 bits.</summary>
    public const long TokensMax = 1L << 38;

    private readonly long _tokensPerSecond;
    private readonly long _levelMax;
    // Tokens times ticks per second: what a rate of one token per second brings in a tick. Below zero it is owed by those who were told to wait.
    private long _level;
    private TimeSpan _at;

    /// <summary>A full bucket.</summary>
    /// <param name="tokensPerSecond">What comes; at least 1.</param>
    /// <param name="tokensMax">What it holds, and so what passes at once after a rest; from 1 to <see cref="TokensMax"/>.</param>
    /// <param name="now">The present.</param>
    public TokenBucket(long tokensPerSecond, long tokensMax, TimeSpan now)
    {
        Invariant.Check(tokensPerSecond > 0 && tokensMax is > 0 and <= TokensMax);
        _tokensPerSecond = tokensPerSecond;
        _level = _levelMax = tokensMax * TimeSpan.TicksPerSecond;
        _at = now;
    }

    /// <summary>Whether nothing was taken for so long that the bucket is full.</summary>
    public readonly bool IsFull(TimeSpan now) => LevelAt(now) == _levelMax;

    /// <summary>Takes tokens if they are there.</summary>
    /// <param name="tokens">At least 1, and no more than the bucket holds.</param>
    /// <param name="now">The present.</param>
    /// <returns>Whether they were; if not, nothing was taken.</returns>
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

    /// <summary>Takes tokens in any case, ahead of those who come later.</summary>
    /// <param name="tokens">At least 1, and no more than the bucket holds.</param>
    /// <param name="now">The present.</param>
    /// <returns>How long to wait before they are used; zero if they may be at once.</returns>
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
