using Wetware.Core;
using Wetware.Raft.Log.Format;

namespace Wetware.Raft.Log;

/// <summary>
/// One group's part of the log, as its core reads it and its host writes it. What is appended is readable at once and durable
/// after the next flush. Belongs to the thread that owns the <see cref="WriteAheadLog"/>.
/// </summary>
public sealed class GroupLog : IRaftStorage
{
    private readonly WriteAheadLog _log;
    private readonly PositionIndex _positions;
    private readonly EntryCache _cache;

    // Headers of damaged entries, from their copies; none in the usual case.
    private Dictionary<ulong, RecordHeader>? _damaged;

    // The index and term before the first entry.
    private LogIndex _offset;
    private Term _offsetTerm;

    // The first entry that cannot be read, ulong.MaxValue if all can.
    private ulong _firstUnknown = ulong.MaxValue;
    private LogIndex _durable;
    private LogIndex _flushing;

    internal GroupLog(WriteAheadLog log, GroupId id, int cacheBytes)
    {
        _log = log;
        Id = id;
        _positions = new(log.PositionPages);
        _cache = new(cacheBytes);
    }

    /// <summary>The group.</summary>
    public GroupId Id { get; }

    /// <inheritdoc/>
    public HardState HardState { get; private set; }

    /// <inheritdoc/>
    public ConfState ConfState => LatestSnapshot?.Metadata.ConfState ?? ConfState.Empty;

    /// <inheritdoc/>
    public LogIndex FirstIndex => _offset.Next;

    /// <summary>The last index whose entry can be read; entries from the first unknown one on do not count.</summary>
    public LogIndex LastIndex => _firstUnknown == ulong.MaxValue ? StoredLast : new(_firstUnknown - 1);

    /// <summary>The last index that anything was stored at, known or not.</summary>
    public LogIndex StoredLast => _offset + _positions.Count;

    /// <summary>The last index that is on disk for sure.</summary>
    public LogIndex DurableIndex => _durable;

    /// <summary>The snapshot that stands for the start of the log, if there is one.</summary>
    public Snapshot? LatestSnapshot { get; internal set; }

    /// <summary>
    /// Whether the log may have forgotten a term or vote: the node must not vote or campaign in this group until the cluster
    /// has moved on to a later term, as <see cref="SetHardState"/> then records.
    /// </summary>
    public bool IsHardStateUnknown { get; internal set; }

    /// <summary>Whether entries after <see cref="StoredLast"/> may have been acknowledged: the node must not vote or campaign until a leader has told it its log.</summary>
    public bool IsTailUncertain { get; internal set; }

    /// <summary>Whether there are entries that were acknowledged and cannot be read: the node must not vote, campaign or acknowledge past them.</summary>
    public bool HasUnknown => _firstUnknown != ulong.MaxValue;

    // Which checkpoint of the state file the group is in, and what has changed since. Kept by the log.
    internal int SlotPair { get; set; } = -1;

    internal ulong SlotSequence { get; set; }

    internal ulong SlotBatch { get; set; }

    internal bool IsChangedSinceSlot { get; set; } = true;

    internal bool IsTouched { get; set; }

    internal Term OffsetTerm => _offsetTerm;

    /// <inheritdoc/>
    public LogRead Term(LogIndex index, out Term term)
    {
        term = default;
        if (index < _offset)
        {
            return LogRead.Compacted;
        }

        if (index == _offset)
        {
            term = _offsetTerm;
            return LogRead.Ok;
        }

        if (index > LastIndex)
        {
            return LogRead.Unavailable;
        }

        term = At(index).Term;
        return LogRead.Ok;
    }

    /// <inheritdoc/>
    /// <exception cref="LogFailedException">The file cannot be read at all.</exception>
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

        var index = from.Value;
        ulong bytes = 0;
        if (index < _cache.First || index >= _cache.End)
        {
            var cold = Math.Min(until.Value, _cache.End > _cache.First && _cache.First > index ? _cache.First : until.Value);
            index = ReadCold(index, cold, bytesMax, destination, out bytes);
            if (index == from.Value)
            {
                return LogRead.Unavailable;
            }

            if (index < cold)
            {
                return LogRead.Ok;
            }
        }

        for (; index < until.Value; index++)
        {
            ref readonly var entry = ref _cache.At(index);
            bytes += entry.EncodedBytes;
            if (bytes > bytesMax && index != from.Value)
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
        snapshot = LatestSnapshot;
        return snapshot is null ? LogRead.Unavailable : LogRead.Ok;
    }

    /// <summary>The entries that cannot be read, in order: to be fetched from peers.</summary>
    public IEnumerable<UnknownEntry> Unknown()
    {
        for (var index = _firstUnknown; index <= StoredLast.Value; index++)
        {
            var position = At(new(index));
            if (position.State != EntryState.Known)
            {
                yield return new(new(index), position.State == EntryState.Damaged ? position.Term : null, position.Length);
            }
        }
    }

    /// <summary>
    /// Appends entries to the open batch, replacing what the group has from the first one on whose term differs. Entries that the group
    /// has already, compacted ones included, are skipped; unknown ones are made known. The payloads are kept by reference.
    /// </summary>
    /// <exception cref="DiskFullException">There is no room for another segment. The entries before the first that did not fit were appended.</exception>
    /// <exception cref="LogFailedException">The log has stopped.</exception>
    public void Append(ReadOnlySpan<Entry> entries)
    {
        foreach (ref readonly var entry in entries)
        {
            if (entry.Index > StoredLast)
            {
                Invariant.Check(entry.Index == StoredLast.Next);
                AppendLast(entry);
            }
            else if (entry.Index > _offset)
            {
                AppendWithin(entry);
            }
        }
    }

    /// <summary>Puts the hard state into the open batch.</summary>
    public void SetHardState(in HardState state)
    {
        _log.Add(RecordType.HardState, default, default, this, state.Term, state.Commit, state.Vote.Value, default, out _);
        HardState = state;
        IsHardStateUnknown = false;
    }

    /// <summary>Lets go of all entries up to <paramref name="index"/>, which must be readable. Room is freed by <see cref="WriteAheadLog.Reclaim"/>.</summary>
    public void Compact(LogIndex index)
    {
        Invariant.Check(index > _offset && index <= LastIndex);
        var term = At(index).Term;
        _log.Add(RecordType.Compact, default, default, this, term, index, 0, default, out _);
        DropThrough(index, term);
    }

    /// <summary>Lets go of all entries that a complete snapshot stands for, known or not.</summary>
    public void CompactUnder(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var (index, term, _) = snapshot.Metadata;
        Invariant.Check(index > _offset && index <= StoredLast);
        _log.Add(RecordType.Compact, default, default, this, term, index, 0, default, out _);
        DropThrough(index, term);
    }

    /// <summary>Lets go of everything after <paramref name="index"/>, known or not: a leader has shown that it was never committed.</summary>
    public void TruncateAfter(LogIndex index)
    {
        Invariant.Check(index >= _offset && index <= StoredLast);
        _log.Add(RecordType.Truncate, default, default, this, default, index, 0, default, out _);
        DropFrom(index.Next);
        IsTailUncertain = false;
    }

    /// <summary>
    /// Makes a complete snapshot stand for the whole log of the group: all entries are gone, and the next one follows the
    /// snapshot. Takes effect with the next flush; until then a crash leaves the log as it was.
    /// </summary>
    /// <param name="snapshot">What <see cref="SnapshotWriter.Complete"/> returned.</param>
    public void Install(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var (index, term, _) = snapshot.Metadata;
        Invariant.Check(index > _offset);
        _log.Add(RecordType.Reset, default, default, this, term, index, 0, default, out _);
        Reset(index, term);
        LatestSnapshot = snapshot;
        _log.Snapshots.Completed(Id, snapshot);
        IsTailUncertain = false;
    }

    /// <summary>
    /// Makes a complete snapshot of the group's own applied state the one that followers are brought up with; entries stay as they are.
    /// </summary>
    public void Offer(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        Invariant.Check(snapshot.Metadata.Index >= _offset && snapshot.Metadata.Index <= LastIndex);
        LatestSnapshot = snapshot;
        _log.Snapshots.Completed(Id, snapshot);
    }

    /// <summary>
    /// Writes an entry that was fetched from a peer over its damaged record, and syncs it. Where nothing is known of the record, it is
    /// said again in the open batch instead.
    /// </summary>
    /// <returns>Whether it is the entry that was acknowledged here; if not, nothing is changed.</returns>
    /// <exception cref="LogFailedException">The write failed, and the log has stopped.</exception>
    public bool Repair(in Entry entry)
    {
        if (entry.Index <= _offset || entry.Index > StoredLast || At(entry.Index).State == EntryState.Known)
        {
            return false;
        }

        if (_damaged is null || !_damaged.TryGetValue(entry.Index.Value, out var header))
        {
            AppendWithin(entry);
            return true;
        }

        if (entry.Term != header.Term || entry.Type != header.EntryType || entry.Data.Length != header.Length)
        {
            return false;
        }

        ref var position = ref At(entry.Index);
        if (!_log.WriteInPlace(position, header, entry.Data.Span))
        {
            return false;
        }

        position = position with { State = EntryState.Known };
        BecomeKnown(entry.Index);
        return true;
    }

    internal void BeginFlush() => _flushing = StoredLast;

    internal void EndFlush() => _durable = _flushing;

    internal void Restore(in HardState state, LogIndex offset, Term offsetTerm)
    {
        HardState = state;
        (_offset, _offsetTerm) = (offset, offsetTerm);
        _durable = _flushing = StoredLast;
    }

    internal void Replay(ulong sequence, in RecordHeader header, Segment segment, int offset, bool isIntact)
    {
        if (header.Index.Value > LogLimits.IndexMax)
        {
            throw new LogFormatException($"group {Id} has index {header.Index} in segment {segment.Number:x16} at {offset}");
        }

        switch (header.Type)
        {
            case RecordType.Entry:
                ReplayEntry(header, segment, offset, isIntact);
                break;
            case RecordType.HardState when sequence > SlotBatch:
                HardState = new(header.Term, new(header.Extra), header.Index);
                IsHardStateUnknown = false;
                break;
            case RecordType.Compact when header.Index > _offset:
                DropThrough(header.Index, header.Term);
                break;
            case RecordType.Reset:
                DropFrom(_offset.Next);
                if (header.Index > _offset)
                {
                    Reset(header.Index, header.Term);
                }

                IsTailUncertain = false;
                break;
            case RecordType.Truncate:
                DropFrom(header.Index < _offset ? _offset.Next : header.Index.Next);
                IsTailUncertain = false;
                break;
            default:
                break;
        }

        _durable = _flushing = StoredLast;
    }

    /// <summary>Batches were lost that may have changed anything but what was committed.</summary>
    internal void ReplayHole(ulong lastSequence)
    {
        // The state file may know more than the lost batches did.
        IsHardStateUnknown |= lastSequence > SlotBatch;
        IsTailUncertain = true;
        for (var index = Math.Max(_offset.Value, HardState.Commit.Value) + 1; index <= StoredLast.Value; index++)
        {
            ref var position = ref At(new(index));
            position = position with { State = EntryState.Lost };
            _damaged?.Remove(index);
            _firstUnknown = Math.Min(_firstUnknown, index);
        }
    }

    /// <summary>Says again, at the end of the log, every entry that lies in a segment, so that the segment can be released.</summary>
    internal void MoveOutOf(Segment segment, EntryBuffer scratch)
    {
        for (var index = FirstIndex; index <= StoredLast; index = index.Next)
        {
            var position = At(index);
            if (position.Offset == 0 || position.Segment != (uint)segment.Number || position.State != EntryState.Known)
            {
                continue;
            }

            scratch.Clear();
            if (index <= LastIndex && Entries(index, index.Next, 1, scratch) == LogRead.Ok)
            {
                WriteOver(scratch[0]);
            }
        }

        scratch.Clear();
    }

    private void AppendLast(in Entry entry)
    {
        var offset = _log.Add(
            RecordType.Entry, entry.Type, RecordFlags.None, this, entry.Term, entry.Index, 0, entry.Data.Span, out var segment);
        segment.AddLive();
        _positions.Add(new(entry.Term, (uint)segment.Number, offset, entry.Data.Length, entry.Type, EntryState.Known));
        _cache.Add(entry, _durable);
        IsTailUncertain = false;
    }

    private void AppendWithin(in Entry entry)
    {
        var position = At(entry.Index);
        if (position.State == EntryState.Lost || (position.State == EntryState.Damaged && position.Term == entry.Term))
        {
            WriteOver(entry);
            BecomeKnown(entry.Index);
        }
        else if (position.Term != entry.Term)
        {
            DropFrom(entry.Index);
            AppendLast(entry);
        }
    }

    private void WriteOver(in Entry entry)
    {
        var offset = _log.Add(
            RecordType.Entry, entry.Type, RecordFlags.Restates, this, entry.Term, entry.Index, 0, entry.Data.Span, out var segment);
        segment.AddLive();
        ref var position = ref At(entry.Index);
        Release(position);
        position = new(entry.Term, (uint)segment.Number, offset, entry.Data.Length, entry.Type, EntryState.Known);
    }

    private void BecomeKnown(LogIndex index)
    {
        _damaged?.Remove(index.Value);
        if (index.Value == _firstUnknown)
        {
            FindFirstUnknown(index.Value);
        }
    }

    private void FindFirstUnknown(ulong index)
    {
        for (; index <= StoredLast.Value; index++)
        {
            if (At(new(index)).State != EntryState.Known)
            {
                _firstUnknown = index;
                return;
            }
        }

        _firstUnknown = ulong.MaxValue;
    }

    private void ReplayEntry(in RecordHeader header, Segment segment, int offset, bool isIntact)
    {
        if (header.Index == LogIndex.Zero)
        {
            throw new LogFormatException($"group {Id} has an entry without an index in segment {segment.Number:x16} at {offset}");
        }

        if (header.Flags != RecordFlags.Restates)
        {
            DropFrom(header.Index > _offset ? header.Index : _offset.Next);
            IsTailUncertain = false;
        }

        if (header.Index <= _offset)
        {
            return;
        }

        FillGap(header.Index);
        var state = isIntact ? EntryState.Known : EntryState.Damaged;
        var position = new EntryPosition(header.Term, (uint)segment.Number, offset, header.Length, header.EntryType, state);
        segment.AddLive();
        if (header.Index > StoredLast)
        {
            _positions.Add(position);
        }
        else
        {
            ref var old = ref At(header.Index);
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

    private void FillGap(LogIndex next)
    {
        if (next <= StoredLast.Next)
        {
            return;
        }

        if (next - StoredLast > LogLimits.GapEntriesMax)
        {
            throw new LogFormatException($"group {Id} lacks {next - StoredLast} entries before index {next}");
        }

        _firstUnknown = Math.Min(_firstUnknown, StoredLast.Value + 1);
        while (StoredLast.Next < next)
        {
            _positions.Add(new(default, 0, 0, 0, EntryType.Normal, EntryState.Lost));
        }
    }

    private void DropThrough(LogIndex index, Term term)
    {
        if (index >= StoredLast)
        {
            Reset(index, term);
            return;
        }

        var count = index - _offset;
        for (ulong i = 0; i < count; i++)
        {
            Release(_positions[i]);
        }

        _positions.DropFirst(count);
        _cache.DropThrough(index.Value);
        (_offset, _offsetTerm) = (index, term);
        if (_firstUnknown <= index.Value)
        {
            FindFirstUnknown(index.Value + 1);
        }
    }

    private void DropFrom(LogIndex index)
    {
        if (index > StoredLast)
        {
            return;
        }

        var count = StoredLast - index.Previous;
        for (var i = _positions.Count - count; i < _positions.Count; i++)
        {
            Release(_positions[i]);
            _damaged?.Remove(_offset.Value + 1 + i);
        }

        _positions.DropLast(count);
        _cache.DropFrom(index.Value);
        _durable = new(Math.Min(_durable.Value, index.Value - 1));
        _flushing = new(Math.Min(_flushing.Value, index.Value - 1));
        if (_firstUnknown >= index.Value)
        {
            _firstUnknown = ulong.MaxValue;
        }
    }

    private void Reset(LogIndex index, Term term)
    {
        DropFrom(_offset.Next);
        (_offset, _offsetTerm) = (index, term);
    }

    private void Release(in EntryPosition position)
    {
        if (position.Offset > 0)
        {
            _log.SegmentOf(position).DropLive();
        }
    }

    private ref EntryPosition At(LogIndex index) => ref _positions[index.Value - _offset.Value - 1];

    private ulong ReadCold(ulong index, ulong until, ulong bytesMax, EntryBuffer destination, out ulong bytes)
    {
        bytes = 0;
        for (var first = index; index < until; index++)
        {
            ref var position = ref At(new(index));
            bytes += new Entry(position.Term, new(index), position.Type, default).EncodedBytes + (ulong)position.Length;
            if (bytes > bytesMax && index != first)
            {
                break;
            }

            if (!_log.TryRead(Id, new(index), position, out var entry))
            {
                position = position with { State = EntryState.Damaged };
                _log.IsDamaged = true;
                _firstUnknown = Math.Min(_firstUnknown, index);
                break;
            }

            destination.Add(entry);
        }

        return index;
    }
}
