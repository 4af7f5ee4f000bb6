namespace Wetware.Host.Consensus;

/// <summary>
/// What other threads hand to a loop. Posting never blocks; taking empties the whole inbox at once, so that a loop
/// that fell behind catches up in one batch.
/// </summary>
internal sealed class Inbox<T> : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _signal = new(0);
    private List<T> _filling = [];
    private List<T> _taken = [];
    private bool _isSignaled;
    private bool _isClosed;

    /// <summary>Hands something over.</summary>
    /// <returns>False if the loop has ended, and nobody will ever take it.</returns>
    public bool Post(T item)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            _filling.Add(item);
            if (_isSignaled)
            {
                return true;
            }

            _isSignaled = true;
        }

        _signal.Release();
        return true;
    }

    /// <summary>
    /// Waits until there is something or the time is over, then takes all of it, which may be nothing: a post that arrived
    /// between the wait and the taking leaves its signal behind.
    /// </summary>
    /// <returns>Valid until the next call.</returns>
    public List<T> Take(TimeSpan wait)
    {
        _ = _signal.Wait(wait < TimeSpan.Zero ? TimeSpan.Zero : wait);
        return Swap(close: false);
    }

    /// <summary>Takes the rest, after which nothing more can be posted.</summary>
    public List<T> Close() => Swap(close: true);

    public void Dispose() => _signal.Dispose();

    private List<T> Swap(bool close)
    {
        _taken.Clear();
        lock (_gate)
        {
            (_filling, _taken) = (_taken, _filling);
            _isSignaled = false;
            _isClosed = close;
        }

        return _taken;
    }
}
