using Wetware.Core;

namespace Wetware.Raft.Consensus;

/// <summary>
/// The end of the log that is not known to be durable: entries and possibly a snapshot, some of them already handed out
/// to be persisted. Nobody else holds its array, so it is overwritten in place.
/// </summary>
internal sealed class UnstableLog(LogIndex next)
{
    private Entry[] _items = new Entry[16];
    private int _start;

    /// <summary>The index of the first entry here, or of the next to come.</summary>
    public LogIndex Offset { get; private set; } = next;

    /// <summary>The index after the last that was handed out. Invariant: not below <see cref="Offset"/>.</summary>
    public LogIndex InProgress { get; private set; } = next;

    /// <summary>The index after the last entry here.</summary>
    public LogIndex End => Offset + (ulong)Count;

    /// <summary>How many entries are here.</summary>
    public int Count { get; private set; }

    /// <summary>The snapshot that replaces everything before <see cref="Offset"/>, until it is installed.</summary>
    public Snapshot? Snapshot { get; private set; }

    /// <summary>Whether the snapshot was handed out.</summary>
    public bool IsSnapshotInProgress { get; private set; }

    /// <summary>The entries from <paramref name="from"/> up to, not including, <paramref name="until"/>.</summary>
    public ReadOnlySpan<Entry> Slice(LogIndex from, LogIndex until)
    {
        Invariant.Check(from >= Offset && from <= until && until <= End);
        return _items.AsSpan(_start + (int)(from - Offset), (int)(until - from));
    }

    /// <summary>The term at <paramref name="index"/> if the entry or snapshot is here.</summary>
    public bool TryTerm(LogIndex index, out Term term)
    {
        if (index >= Offset)
        {
            var found = index < End;
            term = found ? _items[_start + (int)(index - Offset)].Term : default;
            return found;
        }

        if (Snapshot is not null && Snapshot.Metadata.Index == index)
        {
            term = Snapshot.Metadata.Term;
            return true;
        }

        term = default;
        return false;
    }

    /// <summary>Adds blank entries at the end for the caller to fill in.</summary>
    public Span<Entry> Extend(int count)
    {
        EnsureRoom(count);
        var added = _items.AsSpan(_start + Count, count);
        Count += count;
        return added;
    }

    /// <summary>Forgets entries from <paramref name="index"/> on, whether here or already durable.</summary>
    public void TruncateFrom(LogIndex index)
    {
        if (index <= Offset)
        {
            Drop(0);
            (Offset, InProgress) = (index, index);
            return;
        }

        Drop((int)(index - Offset));
        InProgress = InProgress < index ? InProgress : index;
    }

    /// <summary>Everything here is being persisted from now on.</summary>
    public void AcceptInProgress()
    {
        if (Count > 0)
        {
            InProgress = End;
        }

        IsSnapshotInProgress = Snapshot is not null;
    }

    /// <summary>
    /// Entries up to (<paramref name="term"/>, <paramref name="index"/>) are durable. Nothing happens unless exactly that
    /// entry is still here: it may have been replaced while the older one was being written.
    /// </summary>
    public void StableTo(LogIndex index, Term term)
    {
        if (index < Offset || !TryTerm(index, out var here) || here != term)
        {
            return;
        }

        var count = (int)(index - Offset) + 1;
        _items.AsSpan(_start, count).Clear();
        Count -= count;
        _start = Count == 0 ? 0 : _start + count;
        Offset = index.Next;
        InProgress = InProgress > Offset ? InProgress : Offset;
    }

    /// <summary>The snapshot at <paramref name="index"/> is installed.</summary>
    public void StableSnapshotTo(LogIndex index)
    {
        if (Snapshot is not null && Snapshot.Metadata.Index == index)
        {
            (Snapshot, IsSnapshotInProgress) = (null, false);
        }
    }

    /// <summary>Replaces everything by a snapshot.</summary>
    public void Restore(Snapshot snapshot)
    {
        Drop(0);
        Offset = snapshot.Metadata.Index.Next;
        InProgress = Offset;
        (Snapshot, IsSnapshotInProgress) = (snapshot, false);
    }

    private void Drop(int keep)
    {
        _items.AsSpan(_start + keep, Count - keep).Clear();
        Count = keep;
        _start = Count == 0 ? 0 : _start;
    }

    private void EnsureRoom(int more)
    {
        if (_start + Count + more <= _items.Length)
        {
            return;
        }

        // Moving down is worth it when at least half of the array lies free before the entries.
        var target = Count + more <= _items.Length / 2
            ? _items
            : new Entry[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(2 * (Count + more)))];
        _items.AsSpan(_start, Count).CopyTo(target);
        if (ReferenceEquals(target, _items))
        {
            _items.AsSpan(Count, _start).Clear();
        }

        (_items, _start) = (target, 0);
    }
}
