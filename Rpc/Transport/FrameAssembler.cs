using System.Buffers;
using System.Buffers.Binary;
using Wetware.Core;

namespace Wetware.Rpc.Transport;

/// <summary>
/// Cuts a byte stream into frames (Cap'n Proto's "Serialization Over a Stream"). The receiver fills
/// <see cref="Free"/>, says how much came, and takes frames until there is none. Small frames are copied out of a shared
/// buffer; the rest of a large frame is received straight into memory of its own. Invariant: a frame's size is checked
/// before memory for it is taken.
/// </summary>
/// <param name="frameBytesMax">The largest frame.</param>
/// <param name="mayRest">Whether <see cref="Rest"/> is used: then the buffer is a shared one, and not at a fixed address.</param>
internal sealed class FrameAssembler(int frameBytesMax, bool mayRest = false)
{
    private byte[] _shared = mayRest ? [] : GC.AllocateUninitializedArray<byte>(Limits.ReceiveBytes, pinned: true);
    private int _start;
    private int _end;
    private Frame? _direct;
    private int _directFilled;
    private bool _expectLarge;

    /// <summary>Whether part of a frame has come.</summary>
    public bool IsInsideFrame => _direct is not null || _end > _start;

    /// <summary>Where the next bytes go; never empty.</summary>
    public Memory<byte> Free
    {
        get
        {
            if (_direct is not null)
            {
                return _direct.Bytes.AsMemory(_directFilled, _direct.Length - _directFilled);
            }

            if (_shared.Length == 0)
            {
                _shared = ArrayPool<byte>.Shared.Rent(Limits.ReceiveBytes);
            }

            if (_start > 0)
            {
                Compact();
            }

            // Behind one large frame there is often another: taking only its beginning leaves the rest to be received in place.
            var length = _shared.Length - _end;
            return _shared.AsMemory(_end, _expectLarge && _end == 0 ? Math.Min(length, PeekBytes) : length);
        }
    }

    /// <summary>
    /// Where bytes behind <see cref="Free"/> go, if the receiver can fill two places at once: the beginning of the frame after a large one.
    /// </summary>
    public Memory<byte> Behind => _direct is null ? default : _shared.AsMemory(0, PeekBytes);

    private const int PeekBytes = 4 * 1024;

    /// <summary>Bytes were put into <see cref="Free"/>, and once that was full into <see cref="Behind"/>.</summary>
    public void Filled(int count)
    {
        if (_direct is not null)
        {
            var inFrame = Math.Min(count, _direct.Length - _directFilled);
            _directFilled += inFrame;
            _end = count - inFrame;
            Invariant.Check(_start == 0 && _end <= PeekBytes);
        }
        else
        {
            _end += count;
            Invariant.Check(_end <= _shared.Length);
        }
    }

    /// <summary>Takes the next whole frame.</summary>
    /// <param name="frame">Owned by the caller.</param>
    /// <returns>False if more bytes are needed.</returns>
    /// <exception cref="FrameException">The frame may not be as large as it says; the stream is unusable from here on.</exception>
    public bool TryTake(out Frame? frame)
    {
        frame = null;
        if (_direct is not null)
        {
            if (_directFilled < _direct.Length)
            {
                return false;
            }

            frame = _direct;
            _direct = null;
            return true;
        }

        var waiting = _shared.AsSpan(_start, _end - _start);
        if (!TryMeasure(waiting, out var length))
        {
            return false;
        }

        _expectLarge = length >= Limits.FrameBytesDirect;
        if (waiting.Length >= length)
        {
            frame = Frame.Rent(length);
            waiting[..length].CopyTo(frame.Bytes);
            _start += length;
            return true;
        }

        if (_expectLarge)
        {
            _direct = Frame.Rent(length);
            waiting.CopyTo(_direct.Bytes);
            _directFilled = waiting.Length;
            _start = _end = 0;
        }

        return false;
    }

    /// <summary>
    /// Gives the buffer back until bytes come again, unless part of a frame is in it: a thousand idle connections hold none.
    /// </summary>
    public void Rest()
    {
        Invariant.Check(mayRest);
        if (!IsInsideFrame && _shared.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_shared);
            _shared = [];
            _start = _end = 0;
        }
    }

    /// <summary>Gives back what a cut-off frame holds.</summary>
    public void Drop()
    {
        _direct?.Release();
        _direct = null;
        _start = _end = 0;
        if (mayRest)
        {
            Rest();
        }
    }

    private bool TryMeasure(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        if (bytes.Length < sizeof(uint))
        {
            return false;
        }

        var segmentsLess1 = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (segmentsLess1 >= Limits.FrameSegmentsMax)
        {
            throw new FrameException($"a frame of {segmentsLess1 + 1L} segments; at most {Limits.FrameSegmentsMax} are allowed");
        }

        var segments = (int)segmentsLess1 + 1;
        var header = (((segments + 1) * sizeof(uint)) + 7) & ~7;
        if (bytes.Length < header)
        {
            return false;
        }

        long total = header;
        for (var i = 0; i < segments; i++)
        {
            total += (long)BinaryPrimitives.ReadUInt32LittleEndian(bytes[((i + 1) * sizeof(uint))..]) * 8;
        }

        if (total > frameBytesMax)
        {
            throw new FrameException($"a frame of {total} bytes; at most {frameBytesMax} are allowed");
        }

        length = (int)total;
        return true;
    }

    private void Compact()
    {
        if (_end > _start)
        {
            _shared.AsSpan(_start, _end - _start).CopyTo(_shared);
        }

        _end -= _start;
        _start = 0;
    }
}
