namespace Wetware.Capnp;

/// <summary>
/// Copies objects without what no reader would miss: zero words at the end of structs, null pointers after the last other one.
/// </summary>
internal static class CanonicalCopier
{
    public static void CopyStruct(StructReader source, Segment segment, int position)
    {
        var size = Trim(source);
        var copy = WireBuilder.InitStruct(segment, segment.Bytes, position, size);
        CopyContent(source, copy.Segment, copy.PointerPosition - (size.DataWords << 3), size);
    }

    private static void CopyPointer(PointerReader source, Segment segment, int position)
    {
        switch (source.Kind)
        {
            case PointerKind.Struct:
                CopyStruct(source.GetStruct(), segment, position);
                break;
            case PointerKind.List:
                CopyList(source.GetList(), segment, position);
                break;
            case PointerKind.Capability:
                DecodeException.Throw("a capability has no canonical form");
                break;
            default:
                break;
        }
    }

    private static void CopyList(ListReader source, Segment segment, int position)
    {
        if (source.ElementSize == ElementSize.InlineComposite)
        {
            CopyStructs(source, segment, position);
        }
        else if (source.ElementSize == ElementSize.Pointer)
        {
            var copy = WireBuilder.InitList(segment, position, ElementSize.Pointer, source.Count);
            for (var i = 0; i < source.Count; i++)
            {
                CopyPointer(source.GetPointer(i), copy.Segment, copy.Start + (i << 3));
            }
        }
        else
        {
            WireCopier.CopyList(source, segment, position);
        }

        // The canonical place of a list that takes no room is where the next object goes.
        var pointer = WirePointer.Load(segment.Bytes, position);
        if (WireBuilder.WordsOf(pointer) == 0)
        {
            pointer.At((segment.End - position - 8) >> 3).Store(segment.Bytes, position);
        }
    }

    private static void CopyStructs(ListReader source, Segment segment, int position)
    {
        var size = default(StructSize);
        for (var i = 0; i < source.Count; i++)
        {
            size = size.Union(Trim(source.GetStruct(i)));
        }

        var copy = WireBuilder.InitStructList(segment, position, size, source.Count);
        for (var i = 0; i < source.Count; i++)
        {
            CopyContent(source.GetStruct(i), copy.Segment, copy.Start + (i * (size.TotalWords << 3)), size);
        }
    }

    private static void CopyContent(StructReader source, Segment segment, int data, StructSize size)
    {
        source.Data[..Math.Min(source.DataBytes, size.DataWords << 3)].CopyTo(segment.Bytes.AsSpan(data));
        var pointers = Math.Min(size.PointerCount, source.PointerCount);
        for (var i = 0; i < pointers; i++)
        {
            CopyPointer(source.GetPointer(i), segment, data + ((size.DataWords + i) << 3));
        }
    }

    private static StructSize Trim(StructReader source)
    {
        var bytes = source.Data.LastIndexOfAnyExcept((byte)0) + 1;
        var pointers = source.PointerCount;
        while (pointers > 0 && !source.HasPointer(pointers - 1))
        {
            pointers--;
        }

        return new StructSize((ushort)((bytes + 7) >> 3), (ushort)pointers);
    }
}
