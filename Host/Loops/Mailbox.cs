using Wetware.Core;

namespace Wetware.Host.Loops;

/// <summary>
/// The events that wait for a loop, and whose turn it is: one thread at a time has the loop, from when an event arrives at an idle one until it is idle again.
/// Posting never waits. Taking empties the whole mailbox at once, so that a loop that fell behind catches up in one batch.
/// </summary>
/// <param name="offersMax">Events beyond which <see cref="TryOffer"/> refuses more.</param>
internal sealed class Mailbox<T>(int offersMax)
{
    private readonly Lock _gate = new();
    private List<T> _filling = [];
    private List<T> _taken = [];
    private bool _isBusy;
    private bool _isClosed;
    private int _count;

    /// <summary>How many events have arrived and not been taken. Any thread.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Hands an event over.</summary>
    /// <param name="item">The event.</param>
    /// <param name="isIdle">Whether the loop was idle, so that the caller has it now.</param>
    /// <returns>False if the loop has ended, and will never take it.</returns>
    public bool TryPost(in T item, out bool isIdle) => TryPost(new ReadOnlySpan<T>(in item), out isIdle);

    /// <summary>Hands several events over, which are taken at once and in their order.</summary>
    /// <inheritdoc cref="TryPost(in T, out bool)"/>
    public bool TryPost(ReadOnlySpan<T> items, out bool isIdle)
    {
        lock (_gate)
        {
            return Add(items, out isIdle);
        }
    }

    /// <summary>Hands an event over that may get lost, such as one that a stranger sent.</summary>
    /// <inheritdoc cref="TryPost(in T, out bool)"/>
    /// <returns>False if the mailbox is full, or the loop has ended.</returns>
    public bool TryOffer(in T item, out bool isIdle)
    {
        lock (_gate)
        {
            if (_filling.Count < offersMax)
            {
                return Add(new ReadOnlySpan<T>(in item), out isIdle);
            }

            isIdle = false;
            return false;
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

    /// <summary>Takes all that has arrived, which may be nothing. Only for the thread that has the loop.</summary>
    /// <returns>Valid until the next call.</returns>
    public List<T> Take() => Swap(close: false);

    /// <summary>Gives up the loop if nothing has arrived meanwhile.</summary>
    public bool TryEnd()
    {
        lock (_gate)
        {
            Invariant.Check(_isBusy);
            _isBusy = _filling.Count > 0;
            return !_isBusy;
        }
    }

    /// <summary>Takes the rest, after which nothing more can be posted.</summary>
    public List<T> Close() => Swap(close: true);

    private bool Add(ReadOnlySpan<T> items, out bool isIdle)
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

    private List<T> Swap(bool close)
    {
        _taken.Clear();
        lock (_gate)
        {
            Invariant.Check(_isBusy && !_isClosed);
            (_filling, _taken) = (_taken, _filling);
            Volatile.Write(ref _count, 0);
            _isClosed = close;
        }

        return _taken;
    }
}
