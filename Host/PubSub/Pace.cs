namespace Wetware.Host.PubSub;

/// <summary>So many of something a second in the long run, and one second's worth at once; who comes too early waits. Safe for concurrent use.</summary>
internal sealed class Pace(int perSecondMax)
{
    private readonly Lock _lock = new();
    private readonly long _interval = TimeProvider.System.TimestampFrequency / perSecondMax;

    /// <summary>When the last one would have been due if all had come evenly.</summary>
    private long _due;

    /// <summary>Returns when it is the caller's turn.</summary>
    public Task WaitAsync(CancellationToken cancellation)
    {
        long ahead;
        lock (_lock)
        {
            var now = TimeProvider.System.GetTimestamp();
            _due = Math.Max(_due, now - TimeProvider.System.TimestampFrequency) + _interval;
            ahead = _due - now;
        }

        return ahead <= 0 ? Task.CompletedTask : Task.Delay(TimeProvider.System.GetElapsedTime(0, ahead) + TimeSpan.FromMilliseconds(1), cancellation);
    }
}
