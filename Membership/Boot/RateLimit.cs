namespace Wetware.Membership.Boot;

/// <summary>
/// A bucket of tokens that fills steadily up to a limit. Whoever wants to send takes one, or waits. Time is in milliseconds of a clock
/// that does not go back.
/// </summary>
public struct RateLimit
{
    private readonly double _perMs;
    private readonly double _burst;
    private double _tokens;
    private ulong _at;

    /// <summary>A full bucket.</summary>
    /// <param name="perSecond">Tokens that come per second.</param>
    /// <param name="burst">Tokens that it holds.</param>
    /// <param name="now">The present, in milliseconds.</param>
    public RateLimit(double perSecond, double burst, ulong now)
    {
        _perMs = perSecond / 1_000;
        _burst = burst;
        _tokens = burst;
        _at = now;
    }

    /// <summary>Whether nothing was taken for so long that the bucket is full.</summary>
    public readonly bool IsFull(ulong now) => _tokens + ((now - Math.Min(now, _at)) * _perMs) >= _burst;

    /// <summary>Takes a token; false if there is none yet.</summary>
    public bool TryTake(ulong now)
    {
        var passed = now - Math.Min(now, _at);
        _at = Math.Max(_at, now);
        _tokens = Math.Min(_burst, _tokens + (passed * _perMs));
        if (_tokens < 1)
        {
            return false;
        }

        _tokens--;
        return true;
    }
}
