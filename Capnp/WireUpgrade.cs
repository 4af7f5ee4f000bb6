namespace Wetware.Capnp;

/// <summary>
/// Gets objects for change in place; those built after an older schema are moved to where there is room for the newer one's fields.
/// </summary>
internal static class WireUpgrade
{
    public static StructBuilder GetStruct(Segment segment, int position, StructSize size)
    {
        var target = segment;
        var pointer = WireBuilder.Follow(ref target, position, out var start);
        if (pointer.IsNull)
        {
            return WireBuilder.InitStruct(segment, segment.Bytes, position, size);
        }

        if (pointer.Kind != WirePointer.StructKind)
        {
            DecodeException.Throw("a struct was expected where the message has something else");
        }

        var old = new StructSize((ushort)pointer.DataWords, (ushort)pointer.PointerCount);
        if (old.DataWords >= size.DataWords && old.PointerCount >= size.PointerCount)
        {
            return new StructBuilder(target, target.Bytes, start, old.DataWords << 3, old.PointerCount);
        }

        // The old struct is left behind, cleared; its children stay where they are.
        var wide = old.Union(size);
        ClearPad(segment, position);
        var moved = segment;
        var at = WireBuilder.Allocate(ref moved, position, wide.TotalWords, WirePointer.Struct(0, wide.DataWords, wide.PointerCount));
        MoveContent(target, start, old, moved, at, wide);
        target.Bytes.AsSpan(start, old.TotalWords << 3).Clear();
        return new StructBuilder(moved, moved.Bytes, at, wide.DataWords << 3, wide.PointerCount);
    }

    public static ListBuilder GetList(Segment segment, int position)
    {
        var pointer = WireBuilder.Follow(ref segment, position, out var start);
        if (pointer.IsNull)
        {
            return default;
        }

        if (pointer.Kind != WirePointer.ListKind)
        {
            DecodeException.Throw("a list was expected where the message has something else");
        }

        var size = pointer.ElementSize;
        var count = pointer.ListCount;
        switch (size)
        {
            case ElementSize.InlineComposite:
                var tag = WirePointer.Load(segment.Bytes, start);
                return new ListBuilder(
                    segment, segment.Bytes, start + 8, tag.TagCount,
                    tag.StructWords << 6, tag.DataWords << 6, (ushort)tag.PointerCount, size);
            case ElementSize.Pointer:
                return new ListBuilder(segment, segment.Bytes, start, count, 64, 0, 1, size);
            default:
                var bits = Wire.BitsOf(size);
                return new ListBuilder(segment, segment.Bytes, start, count, bits, bits, 0, size);
        }
    }

    public static ListBuilder GetStructList(Segment segment, int position, StructSize size)
    {
        var list = GetList(segment, position);
        if (list.IsDefault)
        {
            return list;
        }

        if (list.ElementSize == ElementSize.Bit)
        {
            DecodeException.Throw("a list of structs was expected where the message has a list of Bool");
        }

        var old = list.StructSize;
        if (list.ElementSize == ElementSize.InlineComposite && old.DataWords >= size.DataWords && old.PointerCount >= size.PointerCount)
        {
            return list;
        }

        var wide = old.Union(size);
        ClearPad(segment, position);
        Wire.Write(segment.Bytes, position, 0UL);
        var moved = WireBuilder.InitStructList(segment, position, wide, list.Count);
        for (var i = 0; i < list.Count; i++)
        {
            var from = list.Start + (int)((long)i * list.StepBits >> 3);
            var to = moved.Start + i * (wide.TotalWords << 3);
            list.Segment.Bytes.AsSpan(from, list.DataBits >> 3).CopyTo(moved.Segment.Bytes.AsSpan(to));
            MovePointers(list.Segment, from + (list.DataBits >> 3), list.PointerCount, moved.Segment, to + (wide.DataWords << 3));
        }

        ClearOld(list);
        return moved;
    }

    /// <summary>Clears the landing pad of a far pointer that is about to be overwritten.</summary>
    public static void ClearPad(Segment segment, int position)
    {
        var pointer = WirePointer.Load(segment.Bytes, position);
        if (pointer.Kind == WirePointer.FarKind)
        {
            var pad = segment.Arena.GetSegment(pointer.FarSegment);
            pad.Bytes.AsSpan(pad.Start + (pointer.FarOffset << 3), pointer.IsDoubleFar ? 16 : 8).Clear();
        }
    }

    /// <summary>Moves one element of a list to another of the same element size.</summary>
    public static void MoveElement(ListBuilder from, int start, ListBuilder to, int at)
    {
        var size = from.StructSize;
        MoveContent(from.Segment, start, size, to.Segment, at, size);
    }

    private static void MoveContent(Segment from, int start, StructSize old, Segment to, int at, StructSize wide)
    {
        from.Bytes.AsSpan(start, old.DataWords << 3).CopyTo(to.Bytes.AsSpan(at));
        MovePointers(from, start + (old.DataWords << 3), old.PointerCount, to, at + (wide.DataWords << 3));
    }

    private static void MovePointers(Segment from, int position, int count, Segment to, int at)
    {
        for (var i = 0; i < count; i++)
        {
            WireBuilder.Move(from, position + (i << 3), to, at + (i << 3));
        }
    }

    /// <summary>Clears a list that was moved.</summary>
    public static void ClearOld(ListBuilder list)
    {
        var tag = list.ElementSize == ElementSize.InlineComposite ? 8 : 0;
        var words = Wire.WordsOfBits((long)list.Count * list.StepBits);
        list.Segment.Bytes.AsSpan(list.Start - tag, (words << 3) + tag).Clear();
    }
}
