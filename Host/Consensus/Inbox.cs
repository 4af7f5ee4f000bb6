namespace Wetware.Host.Consensus;

/// <summary>
/// What is handed to a loop, and whose turn it is: one thread at a time has the loop, from when work arrives at an idle one until it is idle again.
/// Posting never waits; taking empties the whole inbox at once, so that a loop that fell behind catches up in one batch.
/// </summary>
internal sealed class Inbox<T>
{
    private readonly Lock _gate = new();
    private List<T> _filling = [];
    private List<T> _taken = [];
    private bool _isBusy;
    private bool _isClosed;
    private int _count;

    /// <summary>How many have arrived and not been taken; any thread may ask.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Hands something over.</summary>
    /// <param name="item">What.</param>
    /// <param name="isIdle">Whether the loop was idle, so that the caller has it now.</param>
    /// <returns>False if the loop has ended, and nobody will ever take it.</returns>
    public bool TryPost(in T item, out bool isIdle) => TryPost(new ReadOnlySpan<T>(in item), out isIdle);

    /// <summary>Hands several things over, which are taken at once and in their order.</summary>
    public bool TryPost(ReadOnlySpan<T> items, out bool isIdle)
    {
        lock (_gate)
        {
            isIdle = !_isClosed && !_isBusy;
            if (_isClosed)
            {
                return false;
            }

            _filling.AddRange(items);
            Volatile.Write(ref _count, _filling.Count);
            _isBusy = true;
            return true;
        }
    }

    /// <summary>Takes the loop if it is idle, though nothing has arrived.</summary>
    public bool TryBegin()
    {
        lock (_gate)
        {
            var isIdle = !_isClosed && !_isBusy;
            _isBusy |= isIdle;
            return isIdle;
        }
    }

    /// <summary>Takes all that has arrived, which may be nothing. For whoever has the loop.</summary>
    /// <returns>Valid until the next call.</returns>
    public List<T> Take() => Swap(close: false);

    /// <summary>Gives up the loop if nothing has arrived meanwhile.</summary>
    public bool TryEnd()
    {
        lock (_gate)
        {
            _isBusy = _filling.Count > 0;
            return !_isBusy;
        }
    }

    /// <summary>Takes the rest, after which nothing more can be posted.</summary>
    public List<T> Close() => Swap(close: true);

    private List<T> Swap(bool close)
    {
        _taken.Clear();
        lock (_gate)
        {
            (_filling, _taken) = (_taken, _filling);
            Volatile.Write(ref _count, 0);
            _isClosed = close;
        }

        return _taken;
    }
}
