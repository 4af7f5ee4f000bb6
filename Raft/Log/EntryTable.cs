using System.Runtime.CompilerServices;
using Wetware.Core;
using Wetware.Raft.Log.Format;

namespace Wetware.Raft.Log;

/// <summary>
/// The entries of one group: where each lies and whether it can be read, the recent ones themselves, and how far they are durable. Writes
/// nothing; <see cref="GroupLog"/> says in the log what changes here.
/// </summary>
internal sealed class EntryTable(WriteAheadLog log, int cacheBytes)
{
    private readonly PositionIndex _positions = new(log.PositionPages);
    private readonly EntryCache _cache = new(cacheBytes);

    // Headers of damaged entries, from their copies; none in the usual case.
    private Dictionary<ulong, RecordHeader>? _damaged;

    // The first entry that cannot be read, ulong.MaxValue if all can.
    private ulong _firstUnknown = ulong.MaxValue;
    private LogIndex _flushing;

    /// <summary>The index before the first entry.</summary>
    public LogIndex Offset { get; private set; }

    /// <summary>The term at <see cref="Offset"/>.</summary>
    public Term OffsetTerm { get; private set; }

    /// <summary>The last index that anything is stored at, known or not.</summary>
    public LogIndex StoredLast => Offset + _positions.Count;

    /// <summary>The last index before the first entry that cannot be read.</summary>
    public LogIndex LastReadable => _firstUnknown == ulong.MaxValue ? StoredLast : new(_firstUnknown - 1);

    /// <summary>The last index that is on disk for sure.</summary>
    public LogIndex Durable { get; private set; }

    /// <summary>Whether some entry cannot be read.</summary>
    public bool HasUnknown => _firstUnknown != ulong.MaxValue;

    /// <summary>Where an entry that is stored lies.</summary>
    public ref EntryPosition this[LogIndex index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _positions[index.Value - Offset.Value - 1];
    }

    /// <summary>Everything stored so far is on its way to the disk.</summary>
    public void BeginFlush() => _flushing = StoredLast;

    /// <summary>What was on its way is durable.</summary>
    public void EndFlush() => Durable = _flushing;

    /// <summary>What was read from the disk is on it.</summary>
    public void BecomeDurable() => Durable = _flushing = StoredLast;

    /// <summary>Starts behind what was let go of before.</summary>
    public void Restore(LogIndex offset, Term term)
    {
        Invariant.Check(_positions.Count == 0);
        (Offset, OffsetTerm) = (offset, term);
        BecomeDurable();
    }

    /// <summary>Adds the entry that follows the last.</summary>
    public void Add(in Entry entry, Segment segment, int at)
    {
        segment.AddLive();
        _positions.Add(new(entry.Term, (uint)segment.Number, at, entry.Data.Length, entry.Type, EntryState.Known));
        _cache.Add(entry, Durable);
    }

    /// <summary>An entry that is stored lies elsewhere now.</summary>
    public void Move(in Entry entry, Segment segment, int at)
    {
        segment.AddLive();
        ref var position = ref this[entry.Index];
        Release(position);
        position = new(entry.Term, (uint)segment.Number, at, entry.Data.Length, entry.Type, EntryState.Known);
    }

    /// <summary>An entry can be read again.</summary>
    public void BecomeKnown(LogIndex index)
    {
        _damaged?.Remove(index.Value);
        if (index.Value == _firstUnknown)
        {
            FindFirstUnknown(index.Value);
        }
    }

    /// <summary>An entry cannot be read, though it could before.</summary>
    public void BecomeDamaged(LogIndex index)
    {
        ref var position = ref this[index];
        position = position with { State = EntryState.Damaged };
        _firstUnknown = Math.Min(_firstUnknown, index.Value);
    }

    /// <summary>The header of a damaged entry, if its copy could be read.</summary>
    public bool TryDamaged(LogIndex index, out RecordHeader header)
    {
        header = default;
        return _damaged is not null && _damaged.TryGetValue(index.Value, out header);
    }

    /// <summary>The entries that cannot be read, in order.</summary>
    public IEnumerable<UnknownEntry> Unknown()
    {
        for (var index = _firstUnknown; index <= StoredLast.Value; index++)
        {
            var position = this[new(index)];
            if (position.State != EntryState.Known)
            {
                yield return new(new(index), position.State == EntryState.Damaged ? position.Term : null, position.Length);
            }
        }
    }

    /// <summary>Lets go of all entries up to <paramref name="index"/>, and of all there are if it is not below the last.</summary>
    public void DropThrough(LogIndex index, Term term)
    {
        if (index >= StoredLast)
        {
            Reset(index, term);
            return;
        }

        var count = index - Offset;
        for (ulong i = 0; i < count; i++)
        {
            Release(_positions[i]);
        }

        _positions.DropFirst(count);
        _cache.DropThrough(index.Value);
        (Offset, OffsetTerm) = (index, term);
        if (_firstUnknown <= index.Value)
        {
            FindFirstUnknown(index.Value + 1);
        }
    }

    /// <summary>Lets go of all entries from <paramref name="index"/> on.</summary>
    public void DropFrom(LogIndex index)
    {
        if (index > StoredLast)
        {
            return;
        }

        var count = StoredLast - index.Previous;
        for (var i = _positions.Count - count; i < _positions.Count; i++)
        {
            Release(_positions[i]);
            _damaged?.Remove(Offset.Value + 1 + i);
        }

        _positions.DropLast(count);
        _cache.DropFrom(index.Value);
        Durable = new(Math.Min(Durable.Value, index.Value - 1));
        _flushing = new(Math.Min(_flushing.Value, index.Value - 1));
        if (_firstUnknown >= index.Value)
        {
            _firstUnknown = ulong.MaxValue;
        }
    }

    /// <summary>Lets go of all entries; the next one follows <paramref name="index"/>.</summary>
    public void Reset(LogIndex index, Term term)
    {
        DropFrom(Offset.Next);
        (Offset, OffsetTerm) = (index, term);
    }

    /// <summary>Takes an entry as its record tells it, at its place; what may lie between the last one and it is lost.</summary>
    /// <exception cref="LogFormatException">Too much would be.</exception>
    public void Replay(in RecordHeader header, Segment segment, int at, bool isIntact)
    {
        FillGap(header.Group, header.Index);
        var state = isIntact ? EntryState.Known : EntryState.Damaged;
        var position = new EntryPosition(header.Term, (uint)segment.Number, at, header.Length, header.EntryType, state);
        segment.AddLive();
        if (header.Index > StoredLast)
        {
            _positions.Add(position);
        }
        else
        {
            ref var old = ref this[header.Index];
            Release(old);
            old = position;
            BecomeKnown(header.Index);
        }

        if (!isIntact)
        {
            (_damaged ??= [])[header.Index.Value] = header;
            _firstUnknown = Math.Min(_firstUnknown, header.Index.Value);
        }
    }

    /// <summary>Nothing is known any more of the entries after <paramref name="index"/>, but that they were there.</summary>
    public void LoseAfter(ulong index)
    {
        while (++index <= StoredLast.Value)
        {
            ref var position = ref this[new(index)];
            position = position with { State = EntryState.Lost };
            _damaged?.Remove(index);
            _firstUnknown = Math.Min(_firstUnknown, index);
        }
    }

    /// <summary>The recent entries from <paramref name="from"/> on, if the first of them is among those.</summary>
    public bool IsCached(ulong from) => from >= _cache.First && from < _cache.End;

    /// <summary>The first index behind <paramref name="from"/> whose entry is among the recent ones, if that is before <paramref name="until"/>.</summary>
    public ulong ColdUntil(ulong from, ulong until) => Math.Min(until, _cache.End > _cache.First && _cache.First > from ? _cache.First : until);

    /// <summary>A recent entry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly Entry Cached(ulong index) => ref _cache.At(index);

    private void FindFirstUnknown(ulong index)
    {
        for (; index <= StoredLast.Value; index++)
        {
            if (this[new(index)].State != EntryState.Known)
            {
                _firstUnknown = index;
                return;
            }
        }

        _firstUnknown = ulong.MaxValue;
    }

    private void FillGap(GroupId group, LogIndex next)
    {
        if (next <= StoredLast.Next)
        {
            return;
        }

        if (next - StoredLast > LogLimits.GapEntriesMax)
        {
            throw new LogFormatException($"group {group} lacks {next - StoredLast} entries before index {next}");
        }

        _firstUnknown = Math.Min(_firstUnknown, StoredLast.Value + 1);
        while (StoredLast.Next < next)
        {
            _positions.Add(new(default, 0, 0, 0, EntryType.Normal, EntryState.Lost));
        }
    }

    private void Release(in EntryPosition position)
    {
        if (position.Offset > 0)
        {
            log.SegmentOf(position).DropLive();
        }
    }
}
