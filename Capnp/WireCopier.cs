namespace Wetware.Capnp;

/// <summary>Copies objects deeply. What is read is checked and charged like any reading, so a copy is as bounded as its source.</summary>
internal static class WireCopier
{
    public static void CopyPointer(PointerReader source, Segment segment, int position)
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
                CopyCapability(source, segment, position);
                break;
            default:
                WireEraser.Erase(segment, position);
                break;
        }
    }

    public static void CopyStruct(StructReader source, Segment segment, int position)
    {
        var size = source.StructSize;
        var copy = WireBuilder.InitStruct(segment, segment.Bytes, position, size);
        CopyContent(source, copy.Segment, copy.PointerPosition - (size.DataWords << 3), size.DataWords << 3, size.PointerCount);
    }

    /// <summary>Copies a struct's sections over zeroed room, as far as there is room.</summary>
    public static void CopyContent(StructReader source, Segment segment, int data, int dataBytes, int pointers)
    {
        var bytes = Math.Min(source.DataBytes, dataBytes);
        source.Data[..bytes].CopyTo(segment.Bytes.AsSpan(data, dataBytes));
        pointers = Math.Min(pointers, source.PointerCount);
        for (var i = 0; i < pointers; i++)
        {
            var pointer = source.GetPointer(i);
            if (!pointer.IsNull)
            {
                CopyPointer(pointer, segment, data + dataBytes + (i << 3));
            }
        }
    }

    public static void CopyList(ListReader source, Segment segment, int position)
    {
        if (source.IsDefault)
        {
            WireEraser.Erase(segment, position);
            return;
        }

        if (source.ElementSize == ElementSize.InlineComposite)
        {
            CopyStructs(source, segment, position);
            return;
        }

        var copy = WireBuilder.InitList(segment, position, source.ElementSize, source.Count);
        if (source.ElementSize == ElementSize.Pointer)
        {
            for (var i = 0; i < source.Count; i++)
            {
                CopyPointer(source.GetPointer(i), copy.Segment, copy.Start + (i << 3));
            }

            return;
        }

        var bits = (long)source.Count * source.StepBits;
        var bytes = (int)((bits + 7) >> 3);
        if (bytes > 0)
        {
            source.Bytes.AsSpan(source.Start, bytes).CopyTo(copy.Segment.Bytes.AsSpan(copy.Start, bytes));
            ClearSpareBits(copy, bits);
        }
    }

    private static void CopyStructs(ListReader source, Segment segment, int position)
    {
        var size = source.StructSize;
        var copy = WireBuilder.InitStructList(segment, position, size, source.Count);
        for (var i = 0; i < source.Count; i++)
        {
            CopyContent(source.GetStruct(i), copy.Segment, copy.Start + i * (size.TotalWords << 3), size.DataWords << 3, size.PointerCount);
        }
    }

    private static void CopyCapability(PointerReader source, Segment segment, int position)
    {
        WireEraser.Erase(segment, position);
        if (source.GetCapability() is { } capability)
        {
            var index = segment.Arena.Capabilities.Add(capability.AddReference());
            WirePointer.Capability(index).Store(segment.Bytes, position);
        }
    }

    // A sender may leave anything in the bits after the last Bool; they are no content.
    private static void ClearSpareBits(ListBuilder copy, long bits)
    {
        if ((bits & 7) != 0)
        {
            copy.Segment.Bytes[copy.Start + (int)(bits >> 3)] &= (byte)((1 << (int)(bits & 7)) - 1);
        }
    }
}
