using System.Buffers.Binary;
using Wetware.Core;

namespace Wetware.Raft.Log.Format;

/// <summary>
/// Reads a segment from its first batch to its last and tells apart what a crash left unfinished from what a disk has damaged.
/// A batch is written only after the one before it was synced, so whatever follows a damaged batch proves that it had been
/// acknowledged. Only the last batch of the log has nobody to vouch for it; it is torn, that is, dropped as never
/// acknowledged, if a sector of each damaged record still is as it was before the write (zero), or if neither records
/// nor frame are whole. Time and memory are linear in the segment.
/// </summary>
internal ref struct SegmentScanner
{
    private readonly ReadOnlySpan<byte> _segment;
    private readonly ulong _number;
    private readonly uint _salt;
    private readonly int _sectorBytes;
    private readonly bool _isLast;
    private readonly IRecordSink _sink;

    private int _at;
    private ulong _sequence;
    private long _batches;
    private int _lastStart;
    private int _lastRecordBytes;
    private int _tornBytes;
    private long _damagedRecords;
    private ulong _lostBatches;

    /// <summary>Prepares a scan.</summary>
    /// <param name="segment">All bytes of the segment, up to where the next segment says that this one ends.</param>
    /// <param name="number">The segment's number.</param>
    /// <param name="salt">Of the segment.</param>
    /// <param name="sectorBytes">Of the folder.</param>
    /// <param name="sequence">The number of the first batch; zero if it is not known.</param>
    /// <param name="isLast">Whether no later segment vouches for this one's batches.</param>
    /// <param name="sink">Who is told.</param>
    public SegmentScanner(
        ReadOnlySpan<byte> segment, ulong number, uint salt, int sectorBytes, ulong sequence, bool isLast, IRecordSink sink)
    {
        _segment = segment;
        _number = number;
        _salt = salt;
        _sectorBytes = sectorBytes;
        _sequence = sequence;
        _isLast = isLast;
        _sink = sink;
        _at = sectorBytes;
    }

    /// <summary>Scans.</summary>
    /// <param name="nextSequence">
    /// Unless <c>isLast</c>: the number of the next segment's first batch, or zero if that is not known. Batches missing before
    /// it are reported as a hole.
    /// </param>
    public ScanResult Run(ulong nextSequence)
    {
        while (_at < _segment.Length)
        {
            if (!Whole() && !Damaged())
            {
                break;
            }
        }

        if (!_isLast && nextSequence > _sequence && _sequence > 0)
        {
            Hole(nextSequence);
        }

        return new(_batches, _sequence, _at, _lastStart, _lastRecordBytes, _tornBytes, _damagedRecords, _lostBatches);
    }

    /// <summary>The batch at the current place, if its records are all whole. Its frame is then not needed.</summary>
    private bool Whole()
    {
        var batch = _sequence;
        var end = _at;
        var count = 0UL;
        while (true)
        {
            if (!RecordHeader.IsIntact(_segment[end..], _salt))
            {
                return false;
            }

            var record = _segment[end..];
            var number = BinaryPrimitives.ReadUInt32LittleEndian(record[12..]);
            if (count == 0 && batch == 0)
            {
                // The first batch of the oldest segment is whatever it says it is, and its frame knows the upper half.
                batch = FullNumber(number);
            }

            if (number != (uint)batch)
            {
                return false;
            }

            var bytes = RecordHeader.Padded(BinaryPrimitives.ReadInt32LittleEndian(record[4..]));
            if (bytes > record.Length)
            {
                return false;
            }

            end += bytes;
            if (record[8] == (byte)RecordType.End)
            {
                if (BinaryPrimitives.ReadUInt64LittleEndian(record[32..]) != count)
                {
                    return false;
                }

                break;
            }

            count++;
        }

        var frameAt = _at + BatchLayout.Align(end - _at, _sectorBytes);
        var next = frameAt + BatchLayout.Align(FrameHeader.LengthOf((int)count), _sectorBytes);
        if (next > _segment.Length)
        {
            return false;
        }

        Emit(batch, end);
        Accept(batch, end - _at, next);
        return true;
    }

    private void Emit(ulong batch, int end)
    {
        for (var at = _at; at < end - RecordHeader.Bytes;)
        {
            var header = RecordHeader.Read(_segment[at..]);
            _sink.OnRecord(batch, header, at, _segment.Slice(at + RecordHeader.Bytes, header.Length), isIntact: true);
            at += RecordHeader.Padded(header.Length);
        }
    }

    private void Accept(ulong batch, int recordBytes, int next)
    {
        _batches++;
        _lastStart = _at;
        _lastRecordBytes = recordBytes;
        _sequence = batch + 1;
        _at = next;
    }

    private readonly ulong FullNumber(uint low)
    {
        return FindFrame(_at, out var frame, out _) && frame.Start == _at && (uint)frame.Sequence == low ? frame.Sequence : low;
    }

    /// <summary>The batch at the current place is not whole: decides what that means.</summary>
    /// <returns>Whether the scan goes on.</returns>
    private bool Damaged()
    {
        if (!FindFrame(_at, out var frame, out var frameAt))
        {
            if (!_isLast)
            {
                return false;
            }

            _tornBytes = Evidence(out var stray) ? 0 : Written();
            if (stray > 0)
            {
                Hole(stray + 1);
            }

            return false;
        }

        if (frame.Start != _at)
        {
            // Whatever was here, a later batch was written after it.
            Hole(frame.Sequence);
            _at = frame.Start;
            _sequence = frame.Sequence;
            return true;
        }

        var next = frameAt + BatchLayout.Align(frame.Length, _sectorBytes);
        var isVouchedFor = !_isLast || FindFrame(next, out _, out _);
        var copies = _segment.Slice(frameAt + FrameHeader.Bytes, frame.Count * RecordHeader.Bytes);
        if (!isVouchedFor && IsTorn(frame, copies))
        {
            _tornBytes = next - _at;
            return false;
        }

        if (_sequence != 0 && frame.Sequence > _sequence)
        {
            Hole(frame.Sequence);
        }

        EmitCopies(frame, copies);
        Accept(frame.Sequence, 0, Math.Min(next, _segment.Length));
        return true;
    }

    /// <summary>The next frame at or after <paramref name="from"/> that lies where it says and is not older than expected.</summary>
    private readonly bool FindFrame(int from, out FrameHeader frame, out int at)
    {
        for (at = from; at < _segment.Length; at += _sectorBytes)
        {
            if (FrameHeader.TryRead(_segment[at..], _salt, out frame)
                && frame.Segment == _number
                && frame.Sequence >= _sequence
                && frame.Start >= _at
                && frame.Start % _sectorBytes == 0
                && frame.RecordBytes >= RecordHeader.Bytes
                && frame.RecordBytes <= _segment.Length
                && frame.Start + BatchLayout.Align(frame.RecordBytes, _sectorBytes) == at
                && AddsUp(frame, _segment.Slice(at + FrameHeader.Bytes, frame.Count * RecordHeader.Bytes)))
            {
                return true;
            }
        }

        frame = default;
        return false;
    }

    /// <summary>Whether the copied headers describe exactly the records that the frame closes.</summary>
    private static bool AddsUp(in FrameHeader frame, ReadOnlySpan<byte> copies)
    {
        long bytes = RecordHeader.Bytes;
        for (; copies.Length > 0; copies = copies[RecordHeader.Bytes..])
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(copies[4..]);
            if (length < 0 || length > frame.RecordBytes)
            {
                return false;
            }

            bytes += RecordHeader.Padded(length);
        }

        return bytes == frame.RecordBytes;
    }

    /// <summary>Whether a frame of a batch not seen lies somewhere it does not belong: a write that went astray was acknowledged all the same.</summary>
    private readonly bool Evidence(out ulong sequence)
    {
        sequence = 0;
        for (var at = _sectorBytes; at < _segment.Length && _sequence > 0; at += _sectorBytes)
        {
            if (FrameHeader.TryRead(_segment[at..], _salt, out var frame)
                && frame.Segment == _number
                && frame.Sequence >= _sequence
                && (long)frame.Start + frame.RecordBytes <= _segment.Length)
            {
                sequence = Math.Max(sequence, frame.Sequence);
            }
        }

        return sequence > 0;
    }

    /// <summary>Bytes from here to the last that is not zero.</summary>
    private readonly int Written() => _segment[_at..].LastIndexOfAnyExcept((byte)0) + 1;

    private readonly bool IsTorn(in FrameHeader frame, ReadOnlySpan<byte> copies)
    {
        var at = frame.Start;
        var isAnyDamaged = false;
        for (; copies.Length > 0; copies = copies[RecordHeader.Bytes..])
        {
            var header = RecordHeader.Read(copies);
            var bytes = RecordHeader.Padded(header.Length);
            if (!IsWhole(header, copies, at))
            {
                isAnyDamaged = true;
                if (!TouchesUnwritten(at, bytes))
                {
                    return false;
                }
            }

            at += bytes;
        }

        return isAnyDamaged;
    }

    private readonly bool IsWhole(in RecordHeader header, ReadOnlySpan<byte> copy, int at) =>
        header.Length >= 0
        && (long)at + RecordHeader.Padded(header.Length) <= _segment.Length
        && _segment.Slice(at, RecordHeader.Bytes).SequenceEqual(copy[..RecordHeader.Bytes])
        && RecordHeader.IsIntact(_segment.Slice(at, RecordHeader.Bytes + header.Length), _salt);

    /// <summary>Whether one of the sectors that bytes lie in is zero throughout.</summary>
    private readonly bool TouchesUnwritten(int at, int bytes)
    {
        for (var sector = at & -_sectorBytes; sector < at + bytes; sector += _sectorBytes)
        {
            if (!_segment.Slice(sector, _sectorBytes).ContainsAnyExcept((byte)0))
            {
                return true;
            }
        }

        return false;
    }

    private void EmitCopies(in FrameHeader frame, ReadOnlySpan<byte> copies)
    {
        var at = frame.Start;
        for (; copies.Length > 0; copies = copies[RecordHeader.Bytes..])
        {
            var header = RecordHeader.Read(copies);
            var isWhole = IsWhole(header, copies, at);
            _damagedRecords += isWhole ? 0 : 1;
            _sink.OnRecord(
                frame.Sequence, header, at, isWhole ? _segment.Slice(at + RecordHeader.Bytes, header.Length) : default, isWhole);
            at += RecordHeader.Padded(header.Length);
        }
    }

    private void Hole(ulong until)
    {
        var first = _sequence == 0 ? 1 : _sequence;
        _lostBatches += until > first ? until - first : 1;
        _sink.OnHole(first, until > first ? until - 1 : first);
        _sequence = Math.Max(_sequence, until);
    }
}
