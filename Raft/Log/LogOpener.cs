using Wetware.Core;
using Wetware.Raft.Log.Format;

namespace Wetware.Raft.Log;

/// <summary>
/// Opens a data folder: checks whose it is, finds the chain of segments from the newest that holds a batch back to the
/// oldest, and replays it. Changes nothing on disk before all of that has succeeded.
/// </summary>
internal sealed class LogOpener(IFileSystem files, LogOptions options)
{
    private readonly List<(int Pair, StateSlot Slot)> _slots = [];
    private readonly List<string> _garbage = [];
    private readonly List<string> _spares = [];
    private readonly SegmentTable _segments = new();
    private LogOptions _options = options;
    private StateFile? _state;
    private byte[] _buffer = [];

    // The chain, newest first: the segment, where it ends (zero: unknown), the number of the batch after its last, and the record that ties
    // it to the one before.
    private readonly List<Link> _chain = [];

    private readonly record struct Link(Segment Segment, int End, ulong NextSequence, RecordHeader? Record)
    {
        public ulong FirstSequence => Record is null ? 0 : Record.Value.Term.Value + 1;
    }

    public WriteAheadLog Run()
    {
        var folderLock = files.Lock(FileNames.Lock);
        try
        {
            return Run(folderLock);
        }
        catch (Exception failure)
        {
            foreach (var link in _chain)
            {
                link.Segment.Dispose();
            }

            _state?.Dispose();
            folderLock.Dispose();
            if (failure is IOException)
            {
                throw new LogFailedException($"opening the log in {files.Name} failed: {failure.Message}", failure);
            }

            throw;
        }
    }

    private WriteAheadLog Run(IDisposable folderLock)
    {
        var names = files.List();
        var isFresh = !names.Contains(FileNames.Identity);
        if (isFresh)
        {
            MakeFolder(names);
        }
        else
        {
            ReadIdentity();
            _state = StateFile.Open(files, _options.SectorBytes, _options.Identity.Incarnation, _slots);
        }

        FindChain(names);
        var log = new WriteAheadLog(files, folderLock, _options, _segments, _state!);
        foreach (var (pair, slot) in _slots)
        {
            RestoreSlot(log, pair, slot);
        }

        log.Snapshots.Load(names, _garbage);
        var last = Replay(new(log), out var report);
        foreach (var group in log.Groups)
        {
            group.LatestSnapshot = log.Snapshots.LatestFor(group);
        }

        // Names and slots that can be read may not be on disk after a failed sync; make them, before anything is let go because of them.
        files.SyncFolder();
        _state!.WriteAgain(_slots);
        foreach (var name in _garbage)
        {
            files.Delete(name);
        }

        foreach (var name in _spares)
        {
            log.Reuse(name);
        }

        var highest = names.Select(name => FileNames.TrySegment(name, out var number) ? number : 0).Append(0UL).Max();
        var next = Math.Max(1, Math.Max(last.NextSequence, _slots.Select(slot => slot.Slot.Batch + 1).Append(1UL).Max()));
        Start(log, highest + 1, next, last);
        log.Recovery = report with { IsFresh = isFresh };
        return log;
    }

    /// <summary>
    /// Begins a fresh segment with what the last batch said. The link leaves the old copy out, because that may not be on disk.
    /// </summary>
    private void Start(WriteAheadLog log, ulong number, ulong nextSequence, in ScanResult last)
    {
        if (_chain.Count == 0)
        {
            log.Start(number, nextSequence, 0, 0, default);
            return;
        }

        var newest = _chain[0];
        if (last.LastRecordBytes == 0)
        {
            log.Start(number, nextSequence, newest.Segment.Number, last.End, default);
            return;
        }

        var records = _buffer.AsSpan(last.LastStart, last.LastRecordBytes);
        if (last.LastStart > _options.SectorBytes)
        {
            log.Start(number, last.NextSequence - 1, newest.Segment.Number, last.LastStart, records);
        }
        else
        {
            // Nothing else is in the newest segment, so that the fresh one follows the one before it.
            var link = RecordHeader.Read(records);
            log.Start(number, last.NextSequence - 1, link.Group.Value, (int)link.Index.Value, records);
        }
    }

    private static void RestoreSlot(WriteAheadLog log, int pair, in StateSlot slot)
    {
        var group = log.Group(slot.Group);
        if (group.SlotPair >= 0)
        {
            throw new LogFormatException($"group {slot.Group} has two pairs of state slots, {group.SlotPair} and {pair}");
        }

        if (slot.Offset.Value > LogLimits.IndexMax || slot.HardState.Commit.Value > LogLimits.IndexMax)
        {
            throw new LogFormatException($"the state slots of group {slot.Group} have index {slot.Offset}");
        }

        (group.SlotPair, group.SlotSequence, group.SlotBatch) = (pair, slot.Sequence, slot.Batch);
        (group.IsHardStateUnknown, group.IsTailUncertain) = (slot.IsHardStateUnknown, slot.IsTailUncertain);
        group.Restore(slot.HardState, slot.Offset, slot.OffsetTerm);
    }

    private void MakeFolder(IReadOnlyList<string> names)
    {
        if (names.FirstOrDefault(name => FileNames.TrySegment(name, out _)) is { } segment)
        {
            throw new LogFormatException($"{files.Name} has segments ({segment}) but no file {FileNames.Identity}; put it back, or use an empty folder");
        }

        _state = StateFile.Create(files, _options.SectorBytes, _options.Identity.Incarnation);
        _state.Sync();
        var temporary = FileNames.Identity + FileNames.Temporary;
        using (var file = files.Create(temporary, IdentityFile.Bytes))
        {
            file.WriteAt(new IdentityFile(_options.Identity, _options.SegmentBytes, _options.SectorBytes).Encode(), 0);
            file.Sync();
        }

        files.Rename(temporary, FileNames.Identity);
        files.SyncFolder();
    }

    private void ReadIdentity()
    {
        using var file = files.Open(FileNames.Identity);
        var bytes = new byte[IdentityFile.Bytes];
        var read = file.ReadAt(bytes, 0);
        var found = IdentityFile.Decode(bytes.AsSpan(0, read));
        if (found.Identity.Cluster != _options.Identity.Cluster || found.Identity.Node != _options.Identity.Node)
        {
            throw new WrongStorageException(
                $"{files.Name} belongs to node {found.Identity.Node} of cluster {found.Identity.Cluster:x16}, "
                + $"not to node {_options.Identity.Node} of cluster {_options.Identity.Cluster:x16}");
        }

        _options = _options with
        {
            Identity = found.Identity,
            SegmentBytes = found.SegmentBytes,
            SectorBytes = found.SectorBytes,
        };
    }

    /// <summary>Follows the links from the newest segment that holds a batch.</summary>
    private void FindChain(IReadOnlyList<string> names)
    {
        var numbers = new SortedSet<ulong>();
        foreach (var name in names)
        {
            if (FileNames.TrySegment(name, out var number))
            {
                numbers.Add(number);
            }
            else if (name.EndsWith(FileNames.Temporary, StringComparison.Ordinal))
            {
                _garbage.Add(name);
            }
        }

        var oldest = _slots.Select(slot => slot.Slot.OldestSegment).Append(0UL).Max();
        var wanted = 0UL;
        var end = 0;
        var next = 0UL;
        var isWholeChain = false;
        foreach (var number in numbers.Reverse())
        {
            if (isWholeChain || number < oldest || (wanted != 0 && number > wanted))
            {
                _spares.Add(FileNames.Segment(number));
                continue;
            }

            if (wanted != 0 && number < wanted)
            {
                break;
            }

            var file = OpenSegment(number);
            var link = ReadLink(number, file, _chain.Count == 0, out var isUsed);
            if (!isUsed)
            {
                file.Dispose();
                _spares.Add(FileNames.Segment(number));
                continue;
            }

            _chain.Add(new(new(number, file, _options.Identity.Incarnation), end, next, link));
            wanted = link?.Group.Value ?? 0;
            end = link is null ? 0 : Bounded(link.Value, number);
            next = link is null ? 0 : link.Value.Term.Value + 1;

            // The rest was let go, or was never there. Where not even a copy of the link can be read, the oldest there is must do: what
            // is damaged with it is reported as lost.
            isWholeChain = link is null ? number <= Math.Max(oldest, numbers.Min) : wanted == 0 || wanted < oldest;
        }

        if (!isWholeChain && (_chain.Count > 0 || oldest > 0))
        {
            throw new LogFormatException($"{files.Name} lacks segment {FileNames.Segment(Math.Max(oldest, wanted))}");
        }
    }

    private int Bounded(in RecordHeader link, ulong number)
    {
        if (link.Group.Value >= number || link.Index.Value > (ulong)_options.SegmentBytes || link.Index.Value % (ulong)_options.SectorBytes != 0)
        {
            throw new LogFormatException($"segment {FileNames.Segment(number)} of {files.Name} follows an impossible one");
        }

        return (int)link.Index.Value;
    }

    private IFile OpenSegment(ulong number)
    {
        var name = FileNames.Segment(number);
        var file = files.Open(name);
        var length = file.Length;
        if (length == _options.SegmentBytes)
        {
            return file;
        }

        file.Dispose();
        throw length < _options.SegmentBytes
            ? new ShortReadException($"segment {name} of {files.Name} has {length} bytes instead of {_options.SegmentBytes}: it was cut")
            : new LogFormatException($"segment {name} of {files.Name} has {length} bytes instead of {_options.SegmentBytes}");
    }

    /// <summary>The record that ties a segment to the one before, or null if it is beyond reading.</summary>
    private RecordHeader? ReadLink(ulong number, IFile file, bool isLast, out bool isUsed)
    {
        var salt = SegmentHeader.Salt(number, _options.Identity.Incarnation);
        if (!isLast)
        {
            Load(file, number, 2 * _options.SectorBytes);
            SegmentHeader.Verify(_buffer, number, _options.Identity.Incarnation, FileNames.Segment(number));
            if (RecordHeader.IsIntact(_buffer.AsSpan(_options.SectorBytes, RecordHeader.Bytes), salt)
                && RecordHeader.Read(_buffer.AsSpan(_options.SectorBytes)) is { Type: RecordType.Link } quick)
            {
                isUsed = true;
                return quick;
            }
        }

        var segment = Load(file, number, _options.SegmentBytes);
        SegmentHeader.Verify(segment, number, _options.Identity.Incarnation, FileNames.Segment(number));
        var finder = new LinkFinder();
        var result = new SegmentScanner(segment, number, salt, _options.SectorBytes, 0, isLast, finder).Run(0);
        isUsed = !isLast || result.Batches > 0 || result.LostBatches > 0;
        return finder.Link;
    }

    private ScanResult Replay(Replayer replay, out RecoveryReport report)
    {
        report = new();
        var last = default(ScanResult);
        for (var i = _chain.Count - 1; i >= 0; i--)
        {
            var link = _chain[i];
            _segments.Add(link.Segment);
            var isLast = i == 0;
            var number = link.Segment.Number;
            var segment = Load(link.Segment.File, number, isLast || link.End == 0 ? _options.SegmentBytes : link.End);
            replay.Segment = link.Segment;
            last = new SegmentScanner(segment, number, link.Segment.Salt, _options.SectorBytes, link.FirstSequence, isLast, replay)
                .Run(link.NextSequence);
            report = report with
            {
                Segments = report.Segments + 1,
                Bytes = report.Bytes + segment.Length,
                Batches = report.Batches + last.Batches,
                Records = replay.Records,
                TornBytes = last.TornBytes,
                DamagedRecords = report.DamagedRecords + last.DamagedRecords,
                LostBatches = report.LostBatches + last.LostBatches,
            };
        }

        return last;
    }

    private Span<byte> Load(IFile file, ulong number, int bytes)
    {
        if (_buffer.Length < bytes)
        {
            _buffer = GC.AllocateUninitializedArray<byte>(Math.Max(bytes, Math.Min(_options.SegmentBytes, 1 << 20)));
        }

        var segment = _buffer.AsSpan(0, bytes);
        var read = file.ReadAt(segment, 0);
        return read == bytes
            ? segment
            : throw new ShortReadException($"segment {FileNames.Segment(number)} of {files.Name} ended after {read} of {bytes} bytes");
    }
}
