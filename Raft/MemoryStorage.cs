using Wetware.Core;

namespace Wetware.Raft;

/// <summary>
/// A log's storage in memory: for tests, simulation and embedding without durability. Entries lie in a ring that grows
/// as needed, so that appending and compacting in step allocates nothing. One thread at a time.
/// </summary>
public sealed class MemoryStorage : IRaftStorage
{
    // Ring of entries; the one at _offset + 1 + i lies in (_head + i) modulo the length, which is a power of two.
    private Entry[] _ring = new Entry[16];
    private int _head;
    private int _count;

    // Invariant: the index and term of the entry before the first in the ring.
    private LogIndex _offset;
    private Term _offsetTerm;
    private Snapshot? _snapshot;

    /// <inheritdoc/>
    public HardState HardState { get; private set; }

    /// <inheritdoc/>
    public ConfState ConfState { get; private set; } = ConfState.Empty;

    /// <inheritdoc/>
    public LogIndex FirstIndex => _offset.Next;

    /// <inheritdoc/>
    public LogIndex LastIndex => _offset + (ulong)_count;

    /// <inheritdoc/>
    public LogRead Term(LogIndex index, out Term term)
    {
        term = default;
        if (index < _offset)
        {
            return LogRead.Compacted;
        }

        if (index > LastIndex)
        {
            return LogRead.Unavailable;
        }

        term = index == _offset ? _offsetTerm : At(index).Term;
        return LogRead.Ok;
    }

    /// <inheritdoc/>
    public LogRead Entries(LogIndex from, LogIndex until, ulong bytesMax, EntryBuffer destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (from <= _offset)
        {
            return LogRead.Compacted;
        }

        if (until > LastIndex.Next || from >= until)
        {
            return LogRead.Unavailable;
        }

        ulong bytes = 0;
        for (var index = from; index < until; index = index.Next)
        {
            ref readonly var entry = ref At(index);
            bytes += entry.EncodedBytes;
            if (bytes > bytesMax && index != from)
            {
                break;
            }

            destination.Add(entry);
        }

        return LogRead.Ok;
    }

    /// <inheritdoc/>
    public LogRead Snapshot(out Snapshot? snapshot)
    {
        snapshot = _snapshot;
        return snapshot is null ? LogRead.Unavailable : LogRead.Ok;
    }

    /// <summary>Persists the hard state.</summary>
    public void SetHardState(HardState state) => HardState = state;

    /// <summary>Replaces everything by a snapshot that a leader sent. Older ones than the current are ignored.</summary>
    /// <returns>Whether it was installed.</returns>
    public bool Install(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (_snapshot is not null && _snapshot.Metadata.Index >= snapshot.Metadata.Index)
        {
            return false;
        }

        Array.Clear(_ring);
        (_head, _count) = (0, 0);
        (_offset, _offsetTerm) = (snapshot.Metadata.Index, snapshot.Metadata.Term);
        Offer(snapshot);
        return true;
    }

    /// <summary>Makes a snapshot of the applied state the one that followers are brought up with; the log stays as it is.</summary>
    public void Offer(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        _snapshot = snapshot;
        ConfState = snapshot.Metadata.ConfState;
    }

    /// <summary>Lets go of all entries up to <paramref name="index"/>, which must be in the log.</summary>
    public void Compact(LogIndex index)
    {
        Invariant.Check(index > _offset && index <= LastIndex);
        var term = At(index).Term;
        for (var left = index - _offset; left > 0; left--)
        {
            _ring[_head] = default;
            _head = (_head + 1) & (_ring.Length - 1);
            _count--;
        }

        (_offset, _offsetTerm) = (index, term);
    }

    /// <summary>Appends entries, replacing the stored ones from the first's index on. Compacted ones among them are skipped.</summary>
    public void Append(ReadOnlySpan<Entry> entries)
    {
        if (entries.Length > 0 && entries[0].Index <= _offset)
        {
            entries = entries[(int)Math.Min((ulong)entries.Length, _offset.Next - entries[0].Index)..];
        }

        if (entries.Length == 0)
        {
            return;
        }

        Invariant.Check(entries[0].Index <= LastIndex.Next);
        DropFrom(entries[0].Index);
        EnsureRoom(entries.Length);
        foreach (ref readonly var entry in entries)
        {
            _ring[(_head + _count) & (_ring.Length - 1)] = entry;
            _count++;
        }
    }

    /// <summary>Forgets all entries from <paramref name="index"/> on, as a damaged disk would.</summary>
    public void Truncate(LogIndex index)
    {
        Invariant.Check(index > _offset);
        if (index <= LastIndex)
        {
            DropFrom(index);
        }
    }

    private void DropFrom(LogIndex index)
    {
        for (var keep = (int)(index - _offset) - 1; _count > keep; _count--)
        {
            _ring[(_head + _count - 1) & (_ring.Length - 1)] = default;
        }
    }

    private ref readonly Entry At(LogIndex index) =>
        ref _ring[(_head + (int)(index - _offset) - 1) & (_ring.Length - 1)];

    private void EnsureRoom(int more)
    {
        if (_count + more <= _ring.Length)
        {
            return;
        }

        var grown = new Entry[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(_count + more))];
        for (var i = 0; i < _count; i++)
        {
            grown[i] = _ring[(_head + i) & (_ring.Length - 1)];
        }

        (_ring, _head) = (grown, 0);
    }
}
