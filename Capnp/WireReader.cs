using System.Runtime.CompilerServices;

namespace Wetware.Capnp;

/// <summary>
/// Follows pointers of messages from outside. Every target is checked against its segment, every visit is charged to the
/// message's budget, and every step down counts against the nesting limit.
/// </summary>
internal static class WireReader
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static StructReader ReadStruct(Segment? segment, byte[] bytes, int position, int nesting)
    {
        if (segment is null)
        {
            return default;
        }

        var pointer = WirePointer.Load(bytes, position);
        if (pointer.IsNull)
        {
            return default;
        }

        var target = position + 8 + ((long)pointer.Offset << 3);
        if (pointer.Kind != WirePointer.StructKind)
        {
            pointer = FollowFar(ref segment, ref bytes, pointer, ref target);
            if (pointer.Kind != WirePointer.StructKind)
            {
                DecodeException.Throw("a struct was expected where the message has something else");
            }
        }

        var start = Visit(segment, bytes, target, pointer.StructWords, nesting);
        return new StructReader(segment, bytes, start, pointer.DataWords << 3, (ushort)pointer.PointerCount, (ushort)(nesting - 1));
    }

    public static ListReader ReadList(Segment? segment, byte[] bytes, int position, int nesting)
    {
        if (segment is null)
        {
            return default;
        }

        var pointer = WirePointer.Load(bytes, position);
        if (pointer.IsNull)
        {
            return default;
        }

        var target = position + 8 + ((long)pointer.Offset << 3);
        if (pointer.Kind != WirePointer.ListKind)
        {
            pointer = FollowFar(ref segment, ref bytes, pointer, ref target);
            if (pointer.Kind != WirePointer.ListKind)
            {
                DecodeException.Throw("a list was expected where the message has something else");
            }
        }

        var size = pointer.ElementSize;
        if (size == ElementSize.InlineComposite)
        {
            return ReadComposites(segment, bytes, pointer.ListCount, target, nesting);
        }

        var count = pointer.ListCount;
        var bits = Wire.BitsOf(size);
        var start = Visit(segment, bytes, target, Wire.WordsOfBits((long)count * bits), nesting);
        if (bits == 0)
        {
            // Void elements take no room, so a small message could make its reader loop for very long.
            segment.Arena.Charge(count);
        }

        return size == ElementSize.Pointer
            ? new ListReader(segment, bytes, start, count, 64, 0, 1, (ushort)(nesting - 1), size)
            : new ListReader(segment, bytes, start, count, bits, bits, 0, (ushort)(nesting - 1), size);
    }

    /// <summary>Follows a pointer to a list of bytes: text or data.</summary>
    /// <param name="segment">Where the pointer is.</param>
    /// <param name="bytes">The array of that segment; becomes the array of the list.</param>
    /// <param name="position">Of the pointer.</param>
    /// <param name="nesting">Levels that are left.</param>
    /// <param name="start">Where the bytes start.</param>
    /// <returns>How many bytes there are; -1 if the pointer is null.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ReadBytes(Segment? segment, ref byte[] bytes, int position, int nesting, out int start)
    {
        start = 0;
        if (segment is null)
        {
            return -1;
        }

        var pointer = WirePointer.Load(bytes, position);
        if (pointer.IsNull)
        {
            return -1;
        }

        var target = position + 8 + ((long)pointer.Offset << 3);
        if (!pointer.IsByteList)
        {
            pointer = FollowFar(ref segment, ref bytes, pointer, ref target);
            if (!pointer.IsByteList)
            {
                DecodeException.Throw("text or data was expected where the message has something else");
            }
        }

        start = Visit(segment, bytes, target, (int)(((uint)pointer.ListCount + 7) >> 3), nesting);
        return pointer.ListCount;
    }

    /// <summary>What a pointer refers to.</summary>
    public static PointerKind KindOf(Segment? segment, byte[] bytes, int position)
    {
        if (segment is null)
        {
            return PointerKind.Null;
        }

        var pointer = WirePointer.Load(bytes, position);
        if (pointer.IsNull)
        {
            return PointerKind.Null;
        }

        var target = 0L;
        if (pointer.Kind == WirePointer.FarKind)
        {
            pointer = FollowFar(ref segment, ref bytes, pointer, ref target);
        }

        switch (pointer.Kind)
        {
            case WirePointer.StructKind:
                return PointerKind.Struct;
            case WirePointer.ListKind:
                return PointerKind.List;
            default:
                if (!pointer.IsCapability)
                {
                    DecodeException.Throw("a pointer is of a kind that is not known");
                }

                return PointerKind.Capability;
        }
    }

    /// <summary>Takes the far hops that lead to an object.</summary>
    /// <param name="segment">Where the pointer is; becomes the object's.</param>
    /// <param name="bytes">The array of that segment.</param>
    /// <param name="pointer">The pointer.</param>
    /// <param name="target">Becomes the object's position, as yet unchecked.</param>
    /// <returns>The pointer that tells kind and size.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static WirePointer FollowFar(ref Segment segment, ref byte[] bytes, WirePointer pointer, ref long target)
    {
        if (pointer.Kind != WirePointer.FarKind)
        {
            return pointer;
        }

        var isDouble = pointer.IsDoubleFar;
        segment = segment.Arena.GetSegment(pointer.FarSegment);
        bytes = segment.Bytes;
        var pad = Bound(segment, bytes, segment.Start + ((long)pointer.FarOffset << 3), isDouble ? 2 : 1);
        segment.Arena.Charge(isDouble ? 2 : 1);
        var landing = WirePointer.Load(bytes, pad);
        if (!isDouble)
        {
            if (landing.Kind == WirePointer.FarKind)
            {
                DecodeException.Throw("a far pointer leads to another");
            }

            target = pad + 8 + ((long)landing.Offset << 3);
            return landing;
        }

        var tag = WirePointer.Load(bytes, pad + 8);
        if (landing.Kind != WirePointer.FarKind || landing.IsDoubleFar || tag.Kind == WirePointer.FarKind || tag.Offset != 0)
        {
            DecodeException.Throw("the landing pad of a double-far pointer is malformed");
        }

        segment = segment.Arena.GetSegment(landing.FarSegment);
        bytes = segment.Bytes;
        target = segment.Start + ((long)landing.FarOffset << 3);
        return tag;
    }

    private static ListReader ReadComposites(Segment segment, byte[] bytes, int words, long target, int nesting)
    {
        if (words >= Limits.SegmentWordsMax)
        {
            DecodeException.Throw("a list reaches outside its segment");
        }

        var start = Visit(segment, bytes, target, words + 1, nesting);
        var tag = WirePointer.Load(bytes, start);
        if (tag.Kind != WirePointer.StructKind)
        {
            DecodeException.Throw("the elements of a list are neither scalars, pointers nor structs");
        }

        var count = tag.TagCount;
        if ((long)count * tag.StructWords > words)
        {
            DecodeException.Throw("the elements of a list overrun it");
        }

        if (tag.StructWords == 0)
        {
            segment.Arena.Charge(count);
        }

        return new ListReader(
            segment, bytes, start + 8, count,
            tag.StructWords << 6, tag.DataWords << 6, (ushort)tag.PointerCount, (ushort)(nesting - 1), ElementSize.InlineComposite);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Visit(Segment segment, byte[] bytes, long target, int words, int nesting)
    {
        if (nesting <= 0)
        {
            DecodeException.Throw("the message is nested too deeply");
        }

        var start = Bound(segment, bytes, target, words);
        segment.Arena.Charge(words);
        return start;
    }

    // The array's length is checked beside the window's, since this is what keeps a reader that outlived its message in bounds.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Bound(Segment segment, byte[] bytes, long target, int words)
    {
        var end = target + ((long)words << 3);
        if (target < segment.Start || end > segment.End || end > bytes.Length)
        {
            DecodeException.Throw("a pointer leads outside its segment");
        }

        return (int)target;
    }
}
