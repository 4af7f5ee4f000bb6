namespace Wetware.Crawler.Fetch;

/// <summary>Lets the workers of a node share one <see cref="Politeness"/> and wait for their turn.</summary>
internal sealed class HostGate(FetcherOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Politeness _politeness = new(options.DelayMilliseconds, options.ConcurrencyPerHostMax);
    private readonly long _origin = time.GetTimestamp();
    private TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async ValueTask EnterAsync(string authority, uint robotsDelayMilliseconds, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task left;
            ulong wait;
            lock (_lock)
            {
                var now = (ulong)time.GetElapsedTime(_origin).TotalMilliseconds;
                if (_politeness.TryEnter(authority, now, robotsDelayMilliseconds, out wait))
                {
                    return;
                }

                left = _left.Task;
            }

            // Whoever leaves a host wakes those who wait; the pause wakes whoever waits for it.
            using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var pause = Task.Delay(TimeSpan.FromMilliseconds(Math.Min(wait, int.MaxValue)), time, giveUp.Token);
            await Task.WhenAny(left, pause).ConfigureAwait(false);
            await giveUp.CancelAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public void Leave(string authority)
    {
        TaskCompletionSource left;
        lock (_lock)
        {
            _politeness.Leave(authority);
            left = _left;
            _left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        left.SetResult();
    }
}
