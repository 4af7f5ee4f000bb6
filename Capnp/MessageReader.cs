using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Wetware.Core;

namespace Wetware.Capnp;

/// <summary>
/// A message from outside. Reusable: each <c>Open</c> or <c>TryRead</c> closes the message before it. Memory that is
/// array-backed is read in place and must stay unchanged until the next open, <see cref="Close"/> or dispose; anything
/// else is copied to pooled memory first.
/// </summary>
public sealed class MessageReader : MessageArena
{
    private readonly ReaderLimits _limits;
    private byte[]? _owned;
    private PackedStreamReader? _packed;

    /// <summary>Creates a reader with the default limits.</summary>
    public MessageReader()
        : this(ReaderLimits.Default)
    {
    }

    /// <summary>Creates a reader.</summary>
    /// <param name="limits">What messages may ask of it.</param>
    public MessageReader(ReaderLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        Invariant.Check(limits.NestingMax is > 0 and <= ushort.MaxValue);
        _limits = limits;
    }

    /// <summary>The root pointer.</summary>
    /// <exception cref="DecodeException">The first segment is too short to hold one, or no message is open.</exception>
    public PointerReader Root
    {
        get
        {
            var first = GetSegment(0);
            if (first.Length < 8)
            {
                DecodeException.Throw("the message has no root pointer");
            }

            return new PointerReader(first, first.Bytes, first.Start, Nesting);
        }
    }

    /// <summary>The root as what the schema says it is.</summary>
    public T GetRoot<T>()
        where T : IPointerReader<T> => T.Read(Root);

    /// <summary>Opens a message with its segment table, as it goes over a stream.</summary>
    /// <param name="frame">The message, and nothing after it.</param>
    /// <exception cref="DecodeException">The table is malformed, or does not fit the bytes or the limits.</exception>
    public void Open(ReadOnlyMemory<byte> frame)
    {
        var length = OpenPrefix(frame);
        if (length != frame.Length)
        {
            Close();
            DecodeException.Throw("bytes follow the message");
        }
    }

    /// <summary>Opens the first of several messages, each with its segment table.</summary>
    /// <param name="frames">One whole message and whatever follows it.</param>
    /// <returns>How many bytes the message takes.</returns>
    /// <exception cref="DecodeException">The table is malformed, or does not fit the bytes or the limits.</exception>
    public int OpenPrefix(ReadOnlyMemory<byte> frames)
    {
        Close();
        var status = FrameHeader.TryParse(frames.Span, _limits, out var header);
        if (status != FrameStatus.Ready || header.TotalBytes > frames.Length)
        {
            DecodeException.Throw("the message is cut short");
        }

        OpenFrame(frames[..(int)header.TotalBytes], header);
        return (int)header.TotalBytes;
    }

    /// <summary>Opens a message of one segment, without a table.</summary>
    public void OpenSegment(ReadOnlyMemory<byte> segment)
    {
        Close();
        CheckTotal(segment.Length);
        Attach(0, ArrayOf(segment));
        Begin(1);
    }

    /// <summary>Opens a message by its segments, without a table.</summary>
    public void OpenSegments(ReadOnlySpan<ReadOnlyMemory<byte>> segments)
    {
        Close();
        if (segments.Length == 0 || segments.Length > _limits.SegmentsMax)
        {
            DecodeException.Throw("the message has no segments, or too many");
        }

        var total = 0L;
        for (var i = 0; i < segments.Length; i++)
        {
            total += segments[i].Length;
        }

        CheckTotal(total);
        for (var i = 0; i < segments.Length; i++)
        {
            Attach(i, MemoryMarshal.TryGetArray(segments[i], out var array) && array.Array is not null ? array : segments[i].ToArray());
        }

        Begin(segments.Length);
    }

    /// <summary>Takes a message with its segment table off a stream's bytes, copying it to pooled memory.</summary>
    /// <param name="input">What has come so far; cut by the message if there is a whole one, else left as it is.</param>
    /// <returns>Whether there was a whole message; if not, try again with more.</returns>
    /// <exception cref="DecodeException">The message is malformed or larger than allowed; the stream is unusable from here on.</exception>
    public bool TryRead(ref ReadOnlySequence<byte> input)
    {
        Close();
        if (!FrameHeader.TryParse(input, _limits, out var header) || header.TotalBytes > input.Length)
        {
            return false;
        }

        var length = (int)header.TotalBytes;
        input.Slice(0, length).CopyTo(Own(length));
        input = input.Slice(length);
        OpenFrame(_owned.AsMemory(0, length), header);
        return true;
    }

    /// <summary>Opens the first of several packed messages.</summary>
    /// <param name="packed">One whole message and whatever follows it; copied.</param>
    /// <returns>How many bytes the packed message takes.</returns>
    /// <exception cref="DecodeException">The message is malformed, cut short, or larger than allowed.</exception>
    public int OpenPacked(ReadOnlyMemory<byte> packed)
    {
        var input = new ReadOnlySequence<byte>(packed);
        _packed ??= new PackedStreamReader(_limits);
        _packed.Reset();
        if (!_packed.TryRead(ref input, this))
        {
            DecodeException.Throw("the message is cut short");
        }

        return packed.Length - (int)input.Length;
    }

    /// <summary>Closes the message: its capabilities are disposed, its memory is no longer referred to.</summary>
    public void Close()
    {
        if (SegmentCount > 0)
        {
            Capabilities.Clear();
            for (var i = 0; i < SegmentCount; i++)
            {
                Attach(i, []);
            }

            SegmentCount = 0;
            RemainingWords = 0;
        }

        if (_owned is { Length: > Limits.RetainedBytesMax })
        {
            GiveBack();
        }
    }

    /// <summary>Sets anew how many words may be read.</summary>
    public void ResetBudget() => RemainingWords = SegmentCount == 0 ? 0 : _limits.TraversalWordsMax;

    /// <summary>Memory of the reader's own, kept for the next message.</summary>
    internal Memory<byte> OwnMemory(int length)
    {
        _ = Own(length);
        return _owned.AsMemory(0, length);
    }

    /// <summary>Grows that memory, keeping its beginning.</summary>
    internal void GrowOwned(int keep, int length)
    {
        if (_owned is { } old && old.Length < length)
        {
            var grown = ArrayPool<byte>.Shared.Rent(length);
            old.AsSpan(0, keep).CopyTo(grown);
            _owned = grown;
            ArrayPool<byte>.Shared.Return(old);
        }
    }

    /// <summary>Opens the message that was put into that memory.</summary>
    internal void OpenOwned(FrameHeader header) => OpenFrame(_owned.AsMemory(0, (int)header.TotalBytes), header);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Close();
        GiveBack();
    }

    private void OpenFrame(ReadOnlyMemory<byte> frame, FrameHeader header)
    {
        var array = ArrayOf(frame);
        var sizes = array.AsSpan(4);
        var offset = header.TableBytes;
        for (var i = 0; i < header.SegmentCount; i++)
        {
            var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(sizes[(i * 4)..]) * 8;
            Attach(i, array.Slice(offset, length));
            offset += length;
        }

        Begin(header.SegmentCount);
    }

    private ArraySegment<byte> ArrayOf(ReadOnlyMemory<byte> memory)
    {
        if (MemoryMarshal.TryGetArray(memory, out var array) && array.Array is not null)
        {
            return array;
        }

        memory.Span.CopyTo(Own(memory.Length));
        return new ArraySegment<byte>(_owned!, 0, memory.Length);
    }

    private Span<byte> Own(int length)
    {
        if (_owned is null || _owned.Length < length)
        {
            GiveBack();
            _owned = ArrayPool<byte>.Shared.Rent(length);
        }

        return _owned.AsSpan(0, length);
    }

    private void GiveBack()
    {
        if (_owned is { } owned)
        {
            _owned = null;
            ArrayPool<byte>.Shared.Return(owned);
        }
    }

    private void Attach(int id, ArraySegment<byte> bytes)
    {
        // A segment is whole words; whatever follows the last one cannot be pointed at.
        var segment = SegmentAt(id);
        segment.Bytes = bytes.Array ?? [];
        segment.Start = bytes.Offset;
        segment.End = bytes.Offset + (bytes.Count & ~7);
    }

    private void Begin(int segments)
    {
        SegmentCount = segments;
        RemainingWords = _limits.TraversalWordsMax;
        Nesting = _limits.NestingMax;
    }

    private void CheckTotal(long bytes)
    {
        if (bytes / 8 > _limits.TraversalWordsMax)
        {
            DecodeException.Throw("the message is larger than its traversal limit allows");
        }
    }
}
