using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Wetware.Core;

namespace Wetware.Raft.Log.Format;

/// <summary>
/// Encodes batches into memory exactly as they will lie in their segments. Usually one batch; several when records did not
/// fit the rest of a segment. Grows to the largest flush and is used again, so that steady use allocates nothing.
/// </summary>
internal sealed class BatchBuffer(int sectorBytes)
{
    private readonly List<Batch> _batches = new(4);
    private AlignedBytes _bytes = new(16 * sectorBytes);

    // Invariant: _start <= _end <= _bytes.Length; records of the open batch lie in [_start, _end).
    private int _start;
    private int _end;
    private int _count;
    private Batch _open;

    /// <summary>One batch as it lies in this buffer and will lie in its segment.</summary>
    internal readonly record struct Batch(int Start, int Length, Segment Segment, int FileStart, ulong Sequence);

    /// <summary>Whether a batch takes records now.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Whether there is nothing to flush.</summary>
    public bool IsEmpty => !IsOpen && _batches.Count == 0;

    /// <summary>Bytes encoded so far.</summary>
    public int Bytes => _end;

    /// <summary>The sealed batches, in order.</summary>
    public ReadOnlySpan<Batch> Batches => CollectionsMarshal.AsSpan(_batches);

    /// <summary>The low half of the open batch's number.</summary>
    public uint BatchNumber => (uint)_open.Sequence;

    /// <summary>The bytes of a sealed batch.</summary>
    public ReadOnlySpan<byte> this[in Batch batch] => _bytes.Slice(batch.Start, batch.Length);

    /// <summary>Starts a batch that will lie at <paramref name="fileStart"/> of a segment.</summary>
    public void Open(Segment segment, int fileStart, ulong sequence)
    {
        Invariant.Check(!IsOpen && fileStart % sectorBytes == 0);
        _open = new(_end, 0, segment, fileStart, sequence);
        _start = _end;
        _count = 0;
        IsOpen = true;
    }

    /// <summary>Whether the open batch, with one more record, still ends before <paramref name="segmentBytes"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Fits(int payload, int segmentBytes) =>
        _open.FileStart + BatchLayout.Total((long)(_end - _start) + RecordHeader.Padded(payload), _count + 1, sectorBytes) <= segmentBytes;

    /// <summary>Adds a record to the open batch.</summary>
    /// <returns>Where in the segment it will lie.</returns>
    public int Add(in RecordHeader header, ReadOnlySpan<byte> payload)
    {
        Invariant.Check(IsOpen);
        var bytes = RecordHeader.Padded(payload.Length);
        if (bytes > _bytes.Length - _end)
        {
            Grow(bytes);
        }

        header.Write(_bytes.Slice(_end, bytes), payload, _open.Segment.Salt);
        var at = _open.FileStart + (_end - _start);
        _end += bytes;
        _count++;
        return at;
    }

    /// <summary>Ends the open batch: end record, padding, frame with copies of all headers, padding.</summary>
    /// <returns>Where in the segment the next batch may start.</returns>
    public int Seal()
    {
        var count = _count;
        Add(new() { Type = RecordType.End, Batch = BatchNumber, Index = new((ulong)count) }, default);
        var recordBytes = _end - _start;
        var frameStart = _start + BatchLayout.Align(recordBytes, sectorBytes);
        var length = FrameHeader.LengthOf(count);
        var end = frameStart + BatchLayout.Align(length, sectorBytes);
        if (end > _bytes.Length)
        {
            Grow(end - _end);
        }

        _bytes.Slice(_end, frameStart - _end).Clear();
        var frame = _bytes.Slice(frameStart, length);
        CopyHeaders(_bytes.Slice(_start, recordBytes), frame[FrameHeader.Bytes..]);
        new FrameHeader
        {
            Sequence = _open.Sequence,
            Segment = _open.Segment.Number,
            Start = _open.FileStart,
            RecordBytes = recordBytes,
            Count = count,
        }.Write(frame, _open.Segment.Salt);
        _bytes.Slice(frameStart + length, end - frameStart - length).Clear();
        _end = end;
        _batches.Add(_open with { Length = end - _start });
        IsOpen = false;
        return _open.FileStart + (end - _start);
    }

    /// <summary>Empties the buffer.</summary>
    public void Clear()
    {
        Invariant.Check(!IsOpen);
        _batches.Clear();
        _start = _end = _count = 0;
    }

    private static void CopyHeaders(ReadOnlySpan<byte> records, Span<byte> copies)
    {
        for (; copies.Length > 0; copies = copies[RecordHeader.Bytes..])
        {
            records[..RecordHeader.Bytes].CopyTo(copies);
            records = records[RecordHeader.Padded(MemoryMarshal.Read<int>(records[4..]))..];
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int more)
    {
        var bytes = (int)Math.Min(AlignedBytes.LengthMax, Math.Max((long)_end + more, 2L * _bytes.Length));
        Invariant.Check(bytes - _end >= more);
        _bytes = _bytes.Grow(bytes, _end);
    }
}
