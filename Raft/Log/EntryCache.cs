using System.Runtime.CompilerServices;
using Wetware.Core;

namespace Wetware.Raft.Log;

/// <summary>
/// The most recent entries of a group, in memory: what followers that keep up ask for, and all that are not yet durable.
/// A ring, bounded in payload bytes and in entries except for those that are not durable.
/// </summary>
internal sealed class EntryCache(int bytesMax)
{
    private Entry[] _ring = new Entry[16];

    // Invariant: entries of [_first, _first + _count) lie in the ring, each at its index modulo the ring's length, a power of two.
    private ulong _first;
    private int _count;
    private long _bytes;

    /// <summary>The first index in the cache; meaningless when it is empty.</summary>
    public ulong First => _first;

    /// <summary>The index after the last in the cache; equal to <see cref="First"/> when it is empty.</summary>
    public ulong End => _first + (ulong)_count;

    /// <summary>The entry at an index inside the cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly Entry At(ulong index)
    {
        Invariant.Check(index - _first < (ulong)_count);
        return ref _ring[(int)index & (_ring.Length - 1)];
    }

    /// <summary>Adds the entry that follows the last, and lets go of the oldest that are durable if there are too many.</summary>
    public void Add(in Entry entry, LogIndex durable)
    {
        if (entry.Index.Value != End || _count == 0)
        {
            Clear();
            _first = entry.Index.Value;
        }

        while (_count > 0 && (_bytes + entry.Data.Length > bytesMax || _count >= LogLimits.CacheEntriesMax) && _first <= durable.Value)
        {
            DropFirst();
        }

        if (_count == _ring.Length)
        {
            Grow();
        }

        _ring[(int)entry.Index.Value & (_ring.Length - 1)] = entry;
        _count++;
        _bytes += entry.Data.Length;
    }

    /// <summary>Lets go of everything up to <paramref name="index"/>.</summary>
    public void DropThrough(ulong index)
    {
        while (_count > 0 && _first <= index)
        {
            DropFirst();
        }
    }

    /// <summary>Lets go of everything from <paramref name="index"/> on.</summary>
    public void DropFrom(ulong index)
    {
        while (_count > 0 && End > index)
        {
            ref var last = ref _ring[(int)(End - 1) & (_ring.Length - 1)];
            _bytes -= last.Data.Length;
            last = default;
            _count--;
        }
    }

    /// <summary>Lets go of everything.</summary>
    public void Clear() => DropFrom(0);

    private void DropFirst()
    {
        ref var first = ref _ring[(int)_first & (_ring.Length - 1)];
        _bytes -= first.Data.Length;
        first = default;
        _first++;
        _count--;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow()
    {
        var grown = new Entry[_ring.Length * 2];
        for (var index = _first; index < End; index++)
        {
            grown[(int)index & (grown.Length - 1)] = _ring[(int)index & (_ring.Length - 1)];
        }

        _ring = grown;
    }
}
