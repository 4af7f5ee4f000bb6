using System.Runtime.CompilerServices;
using Wetware.Core;
using Wetware.Raft.Log.Format;

namespace Wetware.Raft.Log;

/// <summary>
/// Where the log grows: the segment that batches go to, the batch that is open, and the one that is on its way to the disk. Owned by the log's
/// thread, except that <see cref="RunFlush"/> may run on another one meanwhile.
/// </summary>
internal sealed class LogTail(LogOptions options, SegmentTable segments, SegmentMaker maker, DiskHealth health)
{
    private BatchBuffer _building = new(options.SectorBytes);
    private BatchBuffer _flushing = new(options.SectorBytes);

    // The segment that batches go to, and where the next one starts in it.
    private Segment? _active;
    private int _position;
    private ulong _sequence;
    private ulong _nextSegment;

    /// <summary>The segment that batches go to.</summary>
    public Segment Active => _active!;

    /// <summary>The number of the open batch, or of the next one.</summary>
    public ulong Sequence => _sequence;

    /// <summary>The low half of the open batch's number.</summary>
    public uint BatchNumber => _building.BatchNumber;

    /// <summary>Bytes in the open batch, without padding.</summary>
    public int PendingBytes => _building.Bytes;

    /// <summary>Whether nothing was added since the last flush began.</summary>
    public bool IsEmpty => _building.IsEmpty;

    /// <summary>Whether a flush is under way.</summary>
    public bool IsFlushing { get; private set; }

    /// <summary>Payload bytes of the largest entry that fits.</summary>
    public int EntryBytesMax => BatchLayout.PayloadBytesMax(options.SegmentBytes, options.SectorBytes);

    /// <summary>Starts a fresh segment, tied to where the log ends, with an open batch.</summary>
    public void Start(ulong number, ulong sequence, ulong previous, int end)
    {
        (_sequence, _nextSegment) = (sequence, number);
        Roll();
        _building.Open(_active!, _position, _sequence);
        AddLink(previous, end);
    }

    /// <summary>Makes sure that a batch is open that has room for a record.</summary>
    /// <exception cref="DiskFullException">There is no room for another segment.</exception>
    /// <exception cref="LogFailedException">The log has stopped.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MakeRoom(int payload)
    {
        if (!_building.IsOpen || !Fits(payload))
        {
            OpenBatch(payload);
        }
    }

    /// <summary>Whether the open batch has room for a record.</summary>
    public bool Fits(int payload) => _building.Fits(payload, options.SegmentBytes);

    /// <summary>Adds a record to the open batch, which has room for it; the payload is copied.</summary>
    /// <returns>Where in <see cref="Active"/> it will lie.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Add(in RecordHeader header, ReadOnlySpan<byte> payload) => _building.Add(header, payload);

    /// <summary>Closes the open batch.</summary>
    /// <returns>Whether there is anything to flush; then <see cref="RunFlush"/> and <see cref="EndFlush"/> follow.</returns>
    public bool BeginFlush()
    {
        health.ThrowIfFailed();
        Invariant.Check(!IsFlushing);
        if (_building.IsEmpty)
        {
            return false;
        }

        SealOpenBatch();
        (_building, _flushing) = (_flushing, _building);
        IsFlushing = true;
        return true;
    }

    /// <summary>Writes and syncs the closed batch. Its failure is final.</summary>
    /// <exception cref="LogFailedException">The disk failed.</exception>
    public void RunFlush()
    {
        Invariant.Check(IsFlushing);
        try
        {
            foreach (ref readonly var batch in _flushing.Batches)
            {
                // A batch is written only when the one before is synced: that is what makes a later batch vouch for an earlier one.
                batch.Segment.File.WriteDurably(_flushing[batch], batch.FileStart);
            }
        }
        catch (Exception failure) when (failure is IOException or LogException)
        {
            throw health.Fail(failure);
        }
    }

    /// <summary>The closed batch is on disk.</summary>
    /// <exception cref="LogFailedException">It is not.</exception>
    public void EndFlush()
    {
        Invariant.Check(IsFlushing);
        health.ThrowIfFailed();
        _flushing.Clear();
        IsFlushing = false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void OpenBatch(int payload)
    {
        health.ThrowIfFailed();
        if (payload > EntryBytesMax)
        {
            throw new ArgumentException($"an entry of {payload} bytes does not fit a segment, which holds {EntryBytesMax}", nameof(payload));
        }

        SealOpenBatch();
        var (previous, end) = (_active!.Number, _position);
        var isFresh = _position + BatchLayout.Total(RecordHeader.Padded(payload), 1, options.SectorBytes) > options.SegmentBytes;
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
            made = maker.Take(_nextSegment);
        }
        catch (IOException failure)
        {
            throw health.Fail(failure);
        }

        segments.Add(made);
        _active = made;
        _position = options.SectorBytes;
        _nextSegment++;
        maker.Start(_nextSegment);
    }
}
