using Wetware.Core;

namespace Wetware.Raft.Tracking;

/// <summary>
/// The appends sent to one follower and not answered yet, bounded by number and payload bytes: what a slow peer can make
/// the leader send ahead. A ring that grows only as far as it is used.
/// </summary>
/// <param name="countMax">Messages in flight at most.</param>
/// <param name="bytesMax">Payload bytes in flight; the message that reaches it is the last.</param>
internal sealed class Inflights(int countMax, ulong bytesMax)
{
    private (LogIndex Last, ulong Bytes)[] _ring = [];
    private int _head;
    private ulong _bytes;

    /// <summary>How many messages are in flight.</summary>
    public int Count { get; private set; }

    /// <summary>Whether no more may be sent.</summary>
    public bool IsFull => Count >= countMax || _bytes >= bytesMax;

    /// <summary>Records a message; its last index must not be lower than those before.</summary>
    public void Add(LogIndex last, ulong bytes)
    {
        Invariant.Check(!IsFull);
        if (Count == _ring.Length)
        {
            Grow();
        }

        _ring[(_head + Count) & (_ring.Length - 1)] = (last, bytes);
        Count++;
        _bytes += bytes;
    }

    /// <summary>Frees all messages whose last index is at most <paramref name="index"/>.</summary>
    public void FreeUpTo(LogIndex index)
    {
        while (Count > 0 && _ring[_head].Last <= index)
        {
            _bytes -= _ring[_head].Bytes;
            _head = (_head + 1) & (_ring.Length - 1);
            Count--;
        }
    }

    /// <summary>Forgets all messages.</summary>
    public void Reset() => (_head, Count, _bytes) = (0, 0, 0);

    private void Grow()
    {
        var grown = new (LogIndex, ulong)[Math.Max(16, _ring.Length * 2)];
        for (var i = 0; i < Count; i++)
        {
            grown[i] = _ring[(_head + i) & (_ring.Length - 1)];
        }

        (_ring, _head) = (grown, 0);
    }
}
