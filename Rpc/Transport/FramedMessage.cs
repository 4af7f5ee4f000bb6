using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Wetware.Capnp;
using Wetware.Core;

namespace Wetware.Rpc.Transport;

/// <summary>
/// A message as transports see it: segments to send behind a table of their lengths, and a count of those who hold it. Invariant: the count
/// is zero only while the message is in its pool.
/// </summary>
internal abstract class FramedMessage
{
    private MessageBuilder? _builder;
    private long _sizeBytes;
    private int _references;

    /// <summary>Bytes on the wire; of one under construction, bytes so far.</summary>
    public long SizeBytes => _sizeBytes != 0 ? _sizeBytes : Builder.SizeBytes + HeaderBytes(Builder.SegmentCount);

    /// <summary>How many segments it has; of one that was built.</summary>
    public int SegmentCount => Builder.SegmentCount;

    /// <summary>Where it is built.</summary>
    private protected MessageBuilder Builder => _builder!;

    /// <summary>Bytes of the segment table.</summary>
    public static int HeaderBytes(int segments) => (((segments + 1) * sizeof(uint)) + 7) & ~7;

    /// <summary>Ends the construction.</summary>
    public void Seal() => _sizeBytes = Builder.SizeBytes + HeaderBytes(Builder.SegmentCount);

    /// <summary>The bytes of a segment.</summary>
    public ArraySegment<byte> SegmentBytes(int index)
    {
        var isArray = MemoryMarshal.TryGetArray(Builder.GetSegmentBytes(index), out var segment);
        Invariant.Check(isArray);
        return segment;
    }

    /// <summary>Writes the segment table.</summary>
    /// <param name="header">Exactly <see cref="HeaderBytes"/> long.</param>
    public void WriteHeader(Span<byte> header)
    {
        var segments = SegmentCount;
        Invariant.Check(header.Length == HeaderBytes(segments));
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)(segments - 1));
        for (var i = 0; i < segments; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(header[((i + 1) * sizeof(uint))..], (uint)(SegmentBytes(i).Count / 8));
        }

        if (segments % 2 == 0)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(header[^sizeof(uint)..], 0);
        }
    }

    /// <summary>Gives a count back. The last one disposes the capabilities, so call it under no lock.</summary>
    public void Release()
    {
        var left = Interlocked.Decrement(ref _references);
        Invariant.Check(left >= 0);
        if (left == 0)
        {
            _sizeBytes = 0;
            Recycle();
        }
    }

    /// <summary>The first count, of a message that comes from its pool.</summary>
    private protected void Begin()
    {
        Invariant.Check(_references == 0 && _sizeBytes == 0);
        _references = 1;
        _builder ??= new MessageBuilder();
    }

    /// <summary>It was received, in this many bytes.</summary>
    private protected void Arrived(int bytes) => _sizeBytes = bytes;

    /// <summary>Adds a count.</summary>
    private protected void Hold()
    {
        var now = Interlocked.Increment(ref _references);
        Invariant.Check(now > 1);
    }

    /// <summary>The last count is gone: back to the pool.</summary>
    private protected abstract void Recycle();
}
