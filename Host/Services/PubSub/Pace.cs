using Wetware.Core;

namespace Wetware.Host.Services.PubSub;

/// <summary>So many of something a second in the long run, and one second's worth at once; who comes too early waits. Safe for concurrent use.</summary>
internal sealed class Pace(int perSecondMax)
{
    private readonly Lock _lock = new();
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private TokenBucket _bucket = new(perSecondMax, perSecondMax, TimeSpan.Zero);

    /// <summary>Returns when it is the caller's turn.</summary>
    public Task WaitAsync(CancellationToken cancellation)
    {
        TimeSpan wait;
        lock (_lock)
        {
            wait = _bucket.Take(1, TimeProvider.System.GetElapsedTime(_began));
        }

        return wait == TimeSpan.Zero ? Task.CompletedTask : Task.Delay(wait + TimeSpan.FromMilliseconds(1), cancellation);
    }
}
