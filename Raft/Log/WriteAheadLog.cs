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
    private readonly IDisposable _lock;
    private readonly LogOptions _options;
    private readonly SegmentTable _segments;
    private readonly SegmentMaker _maker;
    private readonly DiskHealth _health;
    private readonly LogTail _tail;
    private readonly StateFile _state;
    private readonly Checkpoint _checkpoint;
    private readonly Dictionary<GroupId, GroupLog> _groups = [];
    private readonly EntryBuffer _scratch = new();
    private List<GroupLog> _touched = new(16);
    private List<GroupLog> _touchedFlushing = new(16);

    internal WriteAheadLog(IFileSystem files, IDisposable folderLock, LogOptions options, SegmentTable segments, StateFile state)
    {
        _lock = folderLock;
        _options = options;
        _segments = segments;
        _state = state;
        _checkpoint = new(state);
        _maker = new(files, options.Identity, options.SegmentBytes, options.SectorBytes);
        _health = new(files.Name);
        _tail = new(options, segments, _maker, _health);
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
    public int PendingBytes => _tail.PendingBytes;

    /// <summary>How many segment files hold something.</summary>
    public int SegmentCount => _segments.Count;

    /// <summary>Payload bytes of the largest entry that fits.</summary>
    public int EntryBytesMax => _tail.EntryBytesMax;

    /// <summary>Whether a write or a sync has failed; then everything that writes throws <see cref="LogFailedException"/>.</summary>
    public bool IsFailed => _health.HasFailed;

    /// <summary>Whether an entry that was whole when the log was opened could not be read since; opening the log anew tells what is there.</summary>
    public bool IsDamaged { get; internal set; }

    internal PositionPages PositionPages { get; } = new();

    internal int SectorBytes => _options.SectorBytes;

    /// <summary>
    /// Opens a data folder, or makes one, and recovers what is in it. What was written last is written anew into a fresh segment and synced before
    /// this returns, because after a failed sync a file may show bytes that are not on disk.
    /// </summary>
    /// <exception cref="DataFolderLockedException">Another process has the folder.</exception>
    /// <exception cref="WrongStorageException">The folder is of another node or cluster.</exception>
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
        if (!_tail.BeginFlush())
        {
            return false;
        }

        (_touched, _touchedFlushing) = (_touchedFlushing, _touched);
        foreach (var group in _touchedFlushing)
        {
            group.BeginFlush();
            group.IsTouched = false;
        }

        return true;
    }

    /// <summary>
    /// Writes and syncs the closed batch. Touches nothing that the owner touches meanwhile, so it may run on any one thread.
    /// Its failure is final.
    /// </summary>
    /// <exception cref="LogFailedException">The disk failed.</exception>
    public void RunFlush() => _tail.RunFlush();

    /// <summary>Makes what <see cref="RunFlush"/> wrote count as durable.</summary>
    /// <exception cref="LogFailedException">It failed.</exception>
    public void EndFlush()
    {
        _tail.EndFlush();
        foreach (var group in _touchedFlushing)
        {
            group.EndFlush();
        }

        _touchedFlushing.Clear();
    }

    /// <summary>
    /// Frees segments that no group needs any more. Call it between flushes, after compactions; it syncs a few times when there is something to free.
    /// </summary>
    /// <returns>How many segments were freed.</returns>
    /// <exception cref="DiskFullException">There is no room for the groups' state; nothing was freed, and the log goes on.</exception>
    /// <exception cref="LogFailedException">The disk failed, and the log has stopped.</exception>
    public int Reclaim()
    {
        _health.ThrowIfFailed();
        Invariant.Check(_tail.IsEmpty && !_tail.IsFlushing);
        var free = 0;
        foreach (var segment in _segments.All)
        {
            if (segment.Live > 0 || segment == _tail.Active)
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
        _health.ThrowIfFailed();
        if (_segments.Count < 2 || _segments.Oldest == _tail.Active)
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
        _tail.MakeRoom(payload.Length);
        if (!group.IsTouched)
        {
            Touch(group);
        }

        segment = _tail.Active;
        return _tail.Add(
            new()
            {
                Length = payload.Length,
                Type = type,
                EntryType = entryType,
                Flags = flags,
                Batch = _tail.BatchNumber,
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
        _health.ThrowIfFailed();
        try
        {
            return SegmentRecords.TryMend(_segments[position.Segment], position, header, payload);
        }
        catch (Exception failure) when (failure is IOException or LogException)
        {
            throw _health.Fail(failure);
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
        _tail.Start(number, sequence, previous, end);
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
        Invariant.Check(_tail.Fits(payload.Length));
        var copy = header with { Batch = _tail.BatchNumber };
        var offset = _tail.Add(copy, payload);
        var group = Group(header.Group);
        group.Replay(_tail.Sequence, copy, _tail.Active, offset, isIntact: true);
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

    private void Checkpoint(int free)
    {
        try
        {
            _checkpoint.Write(_groups.Values, _tail.Sequence - 1, _segments.Oldest.Number, _segments.All.ElementAt(free).Number);
        }
        catch (IOException failure)
        {
            throw _health.Fail(failure);
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
            throw _health.Fail(failure);
        }
    }
}
