using System.Runtime.CompilerServices;
using Wetware.Core;
using Wetware.Raft.Log.Format;

namespace Wetware.Raft.Log;

/// <summary>
/// The write-ahead log that all Raft groups of a node share: segments of records, one write and one sync a batch. One
/// thread owns it and calls everything, except that <see cref="RunFlush"/> may run on another one meanwhile.
/// </summary>
/// <remarks>
/// A turn of the owner: append entries and hard states through <see cref="Group"/>, then <see cref="Commit"/>. To go on collecting the
/// next batch while the disk works, use <see cref="BeginFlush"/>, <see cref="RunFlush"/> elsewhere, and <see cref="EndFlush"/>.
/// </remarks>
public sealed class WriteAheadLog : IDisposable
{
    private readonly IFileSystem _files;
    private readonly IDisposable _lock;
    private readonly LogOptions _options;
    private readonly SegmentTable _segments;
    private readonly SegmentMaker _maker;
    private readonly StateFile _state;
    private readonly Checkpoint _checkpoint;
    private readonly Dictionary<GroupId, GroupLog> _groups = [];
    private readonly EntryBuffer _scratch = new();
    private BatchBuffer _building;
    private BatchBuffer _flushing;
    private List<GroupLog> _touched = new(16);
    private List<GroupLog> _touchedFlushing = new(16);

    // The segment that batches go to, and where the next one starts in it.
    private Segment? _active;
    private int _position;
    private ulong _sequence;
    private ulong _nextSegment;
    private bool _isFlushing;
    private Exception? _failure;

    internal WriteAheadLog(IFileSystem files, IDisposable folderLock, LogOptions options, SegmentTable segments, StateFile state)
    {
        _files = files;
        _lock = folderLock;
        _options = options;
        _segments = segments;
        _state = state;
        _checkpoint = new(state);
        _maker = new(files, options.Identity, options.SegmentBytes, options.SectorBytes);
        _building = new(options.SectorBytes);
        _flushing = new(options.SectorBytes);
        Snapshots = new(files);
    }

    /// <summary>Whose data folder it is; <see cref="LogIdentity.Incarnation"/> is the folder's own.</summary>
    public LogIdentity Identity => _options.Identity;

    /// <summary>What opening the folder found.</summary>
    public RecoveryReport Recovery { get; internal set; } = new();

    /// <summary>The groups that have anything stored, or were asked for.</summary>
    public IReadOnlyCollection<GroupLog> Groups => _groups.Values;

    /// <summary>The snapshots of the folder.</summary>
    public SnapshotStore Snapshots { get; }

    /// <summary>Bytes in the open batch: what the next flush writes, without padding.</summary>
    public int PendingBytes => _building.Bytes;

    /// <summary>How many segment files hold something.</summary>
    public int SegmentCount => _segments.Count;

    /// <summary>Payload bytes of the largest entry that fits.</summary>
    public int EntryBytesMax => BatchLayout.PayloadBytesMax(_options.SegmentBytes, _options.SectorBytes);

    /// <summary>Whether a write or a sync has failed; then everything that writes throws <see cref="LogFailedException"/>.</summary>
    public bool IsFailed => _failure is not null;

    /// <summary>Whether an entry that was whole when the log was opened could not be read since; opening the log anew tells what is there.</summary>
    public bool IsDamaged { get; internal set; }

    internal PositionPages PositionPages { get; } = new();

    internal int SectorBytes => _options.SectorBytes;

    /// <summary>
    /// Opens a data folder, or makes one, and recovers what is in it. What was written last is written anew into a fresh segment and synced before
    /// this returns, because after a failed sync a file may show bytes that are not on disk.
    /// </summary>
    /// <exception cref="DataFolderLockedException">Another process has the folder.</exception>
    /// <exception cref="WrongDataFolderException">The folder is of another node or cluster.</exception>
    /// <exception cref="LogVersionException">The folder is of another format.</exception>
    /// <exception cref="LogFormatException">Files are missing, cut, or damaged beyond what redundancy mends.</exception>
    /// <exception cref="DiskFullException">There is no room for a segment.</exception>
    public static WriteAheadLog Open(IFileSystem files, LogOptions options)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(options);
        LogLimits.Check(options.SegmentBytes, options.SectorBytes);
        return new LogOpener(files, options).Run();
    }

    /// <summary>The part of the log that belongs to a group; made when first asked for.</summary>
    public GroupLog Group(GroupId id)
    {
        if (!_groups.TryGetValue(id, out var group))
        {
            if (_groups.Count == LogLimits.GroupsMax)
            {
                throw new InvalidOperationException($"a log holds at most {LogLimits.GroupsMax} groups");
            }

            group = new(this, id, _options.CacheBytes);
            _groups.Add(id, group);
        }

        return group;
    }

    /// <summary>Writes and syncs everything appended since the last flush. Returns when it is durable.</summary>
    /// <exception cref="LogFailedException">The disk failed, and the log has stopped.</exception>
    public void Commit()
    {
        if (BeginFlush())
        {
            RunFlush();
            EndFlush();
        }
    }

    /// <summary>Closes the open batch. If this returns true, <see cref="RunFlush"/> and then <see cref="EndFlush"/> must follow before the next one.</summary>
    public bool BeginFlush()
    {
        ThrowIfFailed();
        Invariant.Check(!_isFlushing);
        if (_building.IsEmpty)
        {
            return false;
        }

        SealOpenBatch();
        (_building, _flushing) = (_flushing, _building);
        (_touched, _touchedFlushing) = (_touchedFlushing, _touched);
        foreach (var group in _touchedFlushing)
        {
            group.BeginFlush();
            group.IsTouched = false;
        }

        _isFlushing = true;
        return true;
    }

    /// <summary>
    /// Writes and syncs the closed batch. Touches nothing that the owner touches meanwhile, so it may run on any one thread.
    /// Its failure is final.
    /// </summary>
    /// <exception cref="LogFailedException">The disk failed.</exception>
    public void RunFlush()
    {
        Invariant.Check(_isFlushing);
        try
        {
            foreach (ref readonly var batch in _flushing.Batches)
            {
                // A batch is written only when the one before is synced: that is what makes a later batch vouch for an earlier one.
                batch.Segment.File.WriteAt(_flushing[batch], batch.FileStart);
                batch.Segment.File.Sync();
            }
        }
        catch (Exception failure) when (failure is IOException or LogException)
        {
            _failure = failure;
            throw Failed();
        }
    }

    /// <summary>Makes what <see cref="RunFlush"/> wrote count as durable.</summary>
    /// <exception cref="LogFailedException">It failed.</exception>
    public void EndFlush()
    {
        Invariant.Check(_isFlushing);
        ThrowIfFailed();
        foreach (var group in _touchedFlushing)
        {
            group.EndFlush();
        }

        _touchedFlushing.Clear();
        _flushing.Clear();
        _isFlushing = false;
    }

    /// <summary>
    /// Frees segments that no group needs any more. Call it between flushes, after compactions; it syncs a few times when there is something to free.
    /// </summary>
    /// <returns>How many segments were freed.</returns>
    /// <exception cref="DiskFullException">There is no room for the groups' state; nothing was freed, and the log goes on.</exception>
    /// <exception cref="LogFailedException">The disk failed, and the log has stopped.</exception>
    public int Reclaim()
    {
        ThrowIfFailed();
        Invariant.Check(_building.IsEmpty && !_isFlushing);
        var free = 0;
        foreach (var segment in _segments.All)
        {
            if (segment.Live > 0 || segment == _active)
            {
                break;
            }

            free++;
        }

        if (free > 0)
        {
            Checkpoint(free);
            Release(free);
        }

        return free;
    }

    /// <summary>
    /// Appends, to the open batch, what idle groups still have in the oldest segment, so that the segment can be freed after the next
    /// flush. For the owner to call when <see cref="SegmentCount"/> grows although groups compact.
    /// </summary>
    public void MoveOldest()
    {
        ThrowIfFailed();
        if (_segments.Count < 2 || _segments.Oldest == _active)
        {
            return;
        }

        var oldest = _segments.Oldest;
        foreach (var group in _groups.Values)
        {
            group.MoveOutOf(oldest, _scratch);
        }
    }

    /// <summary>Stops background work and closes all files and the lock. What was not flushed is gone.</summary>
    public void Dispose()
    {
        _maker.Stop();
        _segments.Close();
        _state.Dispose();
        _lock.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Add(
        RecordType type,
        EntryType entryType,
        RecordFlags flags,
        GroupLog group,
        Term term,
        LogIndex index,
        ulong extra,
        ReadOnlySpan<byte> payload,
        out Segment segment)
    {
        if (!_building.IsOpen || !_building.Fits(payload.Length, _options.SegmentBytes))
        {
            OpenBatch(payload.Length);
        }

        if (!group.IsTouched)
        {
            Touch(group);
        }

        segment = _active!;
        return _building.Add(
            new()
            {
                Length = payload.Length,
                Type = type,
                EntryType = entryType,
                Flags = flags,
                Batch = _building.BatchNumber,
                Group = group.Id,
                Term = term,
                Index = index,
                Extra = extra,
            },
            payload);
    }

    internal Segment SegmentOf(in EntryPosition position) => _segments[position.Segment];

    /// <summary>Reads an entry from its segment.</summary>
    /// <returns>Whether what is there is that entry, whole.</returns>
    internal bool TryRead(GroupId group, LogIndex index, in EntryPosition position, out Entry entry) =>
        SegmentRecords.TryRead(_segments[position.Segment], group, index, position, out entry);

    /// <summary>Writes a record over its damaged self, if it is the same to the last bit, and syncs.</summary>
    internal bool WriteInPlace(in EntryPosition position, in RecordHeader header, ReadOnlySpan<byte> payload)
    {
        ThrowIfFailed();
        try
        {
            return SegmentRecords.TryMend(_segments[position.Segment], position, header, payload);
        }
        catch (Exception failure) when (failure is IOException or LogException)
        {
            _failure = failure;
            throw Failed();
        }
    }

    /// <summary>Takes over a segment file that the chain does not need.</summary>
    internal void Reuse(string name) => _maker.Reuse(name);

    /// <summary>
    /// Called once, when everything stored is replayed. Starts a fresh segment, tied to where the log ends before the batch whose records are
    /// given, and says those again in one batch.
    /// </summary>
    internal void Start(ulong number, ulong sequence, ulong previous, int end, ReadOnlySpan<byte> records)
    {
        (_sequence, _nextSegment) = (sequence, number);
        Roll();
        _building.Open(_active!, _position, _sequence);
        AddLink(previous, end);
        while (records.Length >= RecordHeader.Bytes)
        {
            var header = RecordHeader.Read(records);
            Restate(header, records.Slice(RecordHeader.Bytes, header.Length));
            records = records[RecordHeader.Padded(header.Length)..];
        }

        Commit();
    }

    private void Restate(in RecordHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Type is RecordType.Link or RecordType.End)
        {
            return;
        }

        // The batch had room together with a link, or started after one; so it has room here.
        Invariant.Check(_building.Fits(payload.Length, _options.SegmentBytes));
        var copy = header with { Batch = _building.BatchNumber };
        var offset = _building.Add(copy, payload);
        var group = Group(header.Group);
        group.Replay(_sequence, copy, _active!, offset, isIntact: true);
        Touch(group);
    }

    private void Touch(GroupLog group)
    {
        group.IsChangedSinceSlot = true;
        if (!group.IsTouched)
        {
            group.IsTouched = true;
            _touched.Add(group);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void OpenBatch(int payload)
    {
        ThrowIfFailed();
        if (payload > EntryBytesMax)
        {
            throw new ArgumentException($"an entry of {payload} bytes does not fit a segment, which holds {EntryBytesMax}", nameof(payload));
        }

        if (_building.IsOpen)
        {
            SealOpenBatch();
        }

        var isFresh = false;
        if (_position + BatchLayout.Total(RecordHeader.Padded(payload), 1, _options.SectorBytes) > _options.SegmentBytes)
        {
            isFresh = true;
        }

        var (previous, end) = (_active!.Number, _position);
        if (isFresh)
        {
            Roll();
        }

        _building.Open(_active!, _position, _sequence);
        if (isFresh)
        {
            AddLink(previous, end);
        }
    }

    private void AddLink(ulong previous, int end) => _building.Add(
        new()
        {
            Type = RecordType.Link,
            Batch = _building.BatchNumber,
            Group = new(previous),
            Index = new((ulong)end),
            Term = new(_sequence - 1),
        },
        default);

    private void SealOpenBatch()
    {
        if (_building.IsOpen)
        {
            _position = _building.Seal();
            _sequence++;
        }
    }

    private void Roll()
    {
        Segment made;
        try
        {
            made = _maker.Take(_nextSegment);
        }
        catch (IOException failure)
        {
            _failure = failure;
            throw Failed();
        }

        _segments.Add(made);
        _active = made;
        _position = _options.SectorBytes;
        _nextSegment++;
        _maker.Start(_nextSegment);
    }

    private void Checkpoint(int free)
    {
        try
        {
            _checkpoint.Write(_groups.Values, _sequence - 1, _segments.Oldest.Number, _segments.All.ElementAt(free).Number);
        }
        catch (IOException failure)
        {
            _failure = failure;
            throw Failed();
        }
    }

    private void Release(int count)
    {
        try
        {
            for (; count > 0; count--)
            {
                var segment = _segments.RemoveOldest();
                segment.Dispose();
                _maker.Reuse(FileNames.Segment(segment.Number));
            }
        }
        catch (IOException failure)
        {
            _failure = failure;
            throw Failed();
        }
    }

    private void ThrowIfFailed()
    {
        if (_failure is not null)
        {
            throw Failed();
        }
    }

    private LogFailedException Failed() => new(
        $"the log in {_files.Name} has stopped because the disk failed ({_failure!.Message}); restart the node to find out what is stored", _failure);
}
