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
    private readonly EntryTable _entries;
    private readonly EntryReader _reader;

    internal GroupLog(WriteAheadLog log, GroupId id, int cacheBytes)
    {
        _log = log;
        Id = id;
        _entries = new(log, cacheBytes);
        _reader = new(log, id, _entries);
    }

    /// <summary>The group.</summary>
    public GroupId Id { get; }

    /// <inheritdoc/>
    public HardState HardState { get; private set; }

    /// <inheritdoc/>
    public ConfState ConfState => LatestSnapshot?.Metadata.ConfState ?? ConfState.Empty;

    /// <inheritdoc/>
    public LogIndex FirstIndex => _entries.Offset.Next;

    /// <summary>The last index whose entry can be read; entries from the first unknown one on do not count.</summary>
    public LogIndex LastIndex => _entries.LastReadable;

    /// <summary>The last index that anything was stored at, known or not.</summary>
    public LogIndex StoredLast => _entries.StoredLast;

    /// <summary>The last index that is on disk for sure.</summary>
    public LogIndex DurableIndex => _entries.Durable;

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
    public bool HasUnknown => _entries.HasUnknown;

    // Which checkpoint of the state file the group is in, and what has changed since. Kept by the log.
    internal int SlotPair { get; set; } = -1;

    internal ulong SlotSequence { get; set; }

    internal ulong SlotBatch { get; set; }

    internal bool IsChangedSinceSlot { get; set; } = true;

    internal bool IsTouched { get; set; }

    internal Term OffsetTerm => _entries.OffsetTerm;

    /// <inheritdoc/>
    public LogRead Term(LogIndex index, out Term term) => _reader.Term(index, out term);

    /// <inheritdoc/>
    /// <exception cref="LogFailedException">The file cannot be read at all.</exception>
    public LogRead Entries(LogIndex from, LogIndex until, ulong bytesMax, EntryBuffer destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        return _reader.Entries(from, until, bytesMax, destination);
    }

    /// <inheritdoc/>
    public LogRead Snapshot(out Snapshot? snapshot)
    {
        snapshot = LatestSnapshot;
        return snapshot is null ? LogRead.Unavailable : LogRead.Ok;
    }

    /// <summary>The entries that cannot be read, in order: to be fetched from peers.</summary>
    public IEnumerable<UnknownEntry> Unknown() => _entries.Unknown();

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
            else if (entry.Index > _entries.Offset)
            {
                AppendWithin(entry);
            }
        }
    }

    /// <summary>Puts the hard state into the open batch. Its commit index must not be beyond what the group has by then: later entries may go to a later batch, and a crash may come between.</summary>
    public void SetHardState(in HardState state)
    {
        _log.Add(RecordType.HardState, default, default, this, state.Term, state.Commit, state.Vote.Value, default, out _);
        HardState = state;
        IsHardStateUnknown = false;
    }

    /// <summary>Lets go of all entries up to <paramref name="index"/>, which must be readable. Room is freed by <see cref="WriteAheadLog.Reclaim"/>.</summary>
    public void Compact(LogIndex index)
    {
        Invariant.Check(index > _entries.Offset && index <= LastIndex);
        var term = _entries[index].Term;
        _log.Add(RecordType.Compact, default, default, this, term, index, 0, default, out _);
        _entries.DropThrough(index, term);
    }

    /// <summary>Lets go of all entries that a complete snapshot stands for, known or not.</summary>
    public void CompactUnder(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var (index, term, _) = snapshot.Metadata;
        Invariant.Check(index > _entries.Offset && index <= StoredLast);
        _log.Add(RecordType.Compact, default, default, this, term, index, 0, default, out _);
        _entries.DropThrough(index, term);
    }

    /// <summary>Lets go of everything after <paramref name="index"/>, known or not: a leader has shown that it was never committed.</summary>
    public void TruncateAfter(LogIndex index)
    {
        Invariant.Check(index >= _entries.Offset && index <= StoredLast);
        _log.Add(RecordType.Truncate, default, default, this, default, index, 0, default, out _);
        _entries.DropFrom(index.Next);
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
        Invariant.Check(index > _entries.Offset);
        _log.Add(RecordType.Reset, default, default, this, term, index, 0, default, out _);
        _entries.Reset(index, term);
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
        Invariant.Check(snapshot.Metadata.Index >= _entries.Offset && snapshot.Metadata.Index <= LastIndex);
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
        if (entry.Index <= _entries.Offset || entry.Index > StoredLast || _entries[entry.Index].State == EntryState.Known)
        {
            return false;
        }

        if (!_entries.TryDamaged(entry.Index, out var header))
        {
            AppendWithin(entry);
            return true;
        }

        if (entry.Term != header.Term || entry.Type != header.EntryType || entry.Data.Length != header.Length)
        {
            return false;
        }

        ref var position = ref _entries[entry.Index];
        if (!_log.WriteInPlace(position, header, entry.Data.Span))
        {
            return false;
        }

        position = position with { State = EntryState.Known };
        _entries.BecomeKnown(entry.Index);
        return true;
    }

    internal void BeginFlush() => _entries.BeginFlush();

    internal void EndFlush() => _entries.EndFlush();

    internal void Restore(in HardState state, LogIndex offset, Term offsetTerm)
    {
        HardState = state;
        _entries.Restore(offset, offsetTerm);
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
            case RecordType.Compact when header.Index > _entries.Offset:
                _entries.DropThrough(header.Index, header.Term);
                break;
            case RecordType.Reset:
                _entries.DropFrom(_entries.Offset.Next);
                if (header.Index > _entries.Offset)
                {
                    _entries.Reset(header.Index, header.Term);
                }

                IsTailUncertain = false;
                break;
            case RecordType.Truncate:
                _entries.DropFrom(header.Index < _entries.Offset ? _entries.Offset.Next : header.Index.Next);
                IsTailUncertain = false;
                break;
            default:
                break;
        }

        _entries.BecomeDurable();
    }

    /// <summary>Batches were lost that may have changed anything but what was committed.</summary>
    internal void ReplayHole(ulong lastSequence)
    {
        // The state file may know more than the lost batches did.
        IsHardStateUnknown |= lastSequence > SlotBatch;
        IsTailUncertain = true;
        _entries.LoseAfter(Math.Max(_entries.Offset.Value, HardState.Commit.Value));
    }

    /// <summary>Says again, at the end of the log, every entry that lies in a segment, so that the segment can be released.</summary>
    internal void MoveOutOf(Segment segment, EntryBuffer scratch)
    {
        for (var index = FirstIndex; index <= StoredLast; index = index.Next)
        {
            var position = _entries[index];
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
        _entries.Add(entry, segment, offset);
        IsTailUncertain = false;
    }

    private void AppendWithin(in Entry entry)
    {
        var position = _entries[entry.Index];
        if (position.State == EntryState.Lost || (position.State == EntryState.Damaged && position.Term == entry.Term))
        {
            WriteOver(entry);
            _entries.BecomeKnown(entry.Index);
        }
        else if (position.Term != entry.Term)
        {
            _entries.DropFrom(entry.Index);
            AppendLast(entry);
        }
    }

    private void WriteOver(in Entry entry)
    {
        var offset = _log.Add(
            RecordType.Entry, entry.Type, RecordFlags.Restates, this, entry.Term, entry.Index, 0, entry.Data.Span, out var segment);
        _entries.Move(entry, segment, offset);
    }

    private void ReplayEntry(in RecordHeader header, Segment segment, int offset, bool isIntact)
    {
        if (header.Index == LogIndex.Zero)
        {
            throw new LogFormatException($"group {Id} has an entry without an index in segment {segment.Number:x16} at {offset}");
        }

        if (header.Flags != RecordFlags.Restates)
        {
            _entries.DropFrom(header.Index > _entries.Offset ? header.Index : _entries.Offset.Next);
            IsTailUncertain = false;
        }

        if (header.Index > _entries.Offset)
        {
            _entries.Replay(header, segment, offset, isIntact);
        }
    }
}
