namespace Wetware.Capnp;

/// <summary>
/// Clears what a pointer leads to before the pointer is overwritten: no stale bytes leave the process, what is left packs
/// to nothing, and capabilities are given back.
/// </summary>
internal static class WireEraser
{
    /// <summary>Clears a pointer and everything behind it.</summary>
    public static void Erase(Segment segment, int position)
    {
        if (Wire.Read<ulong>(segment.Bytes, position) == 0)
        {
            return;
        }

        EraseTarget(segment, position, Limits.BuilderNestingMax);
        Wire.Write(segment.Bytes, position, 0UL);
    }

    /// <summary>Clears what a pointer leads to, landing pads too, but not the pointer.</summary>
    private static void EraseTarget(Segment segment, int position, int depth)
    {
        var pointer = WirePointer.Load(segment.Bytes, position);
        if (pointer.IsNull || depth == 0)
        {
            return;
        }

        if (pointer.IsCapability)
        {
            segment.Arena.Capabilities.Take(pointer.CapabilityIndex)?.Dispose();
            return;
        }

        var target = segment;
        var resolved = WireBuilder.Follow(ref target, position, out var start);
        EraseObject(target, start, resolved, depth - 1);
        if (pointer.Kind == WirePointer.FarKind)
        {
            var pad = segment.Arena.GetSegment(pointer.FarSegment);
            var padPosition = pad.Start + (pointer.FarOffset << 3);
            pad.Bytes.AsSpan(padPosition, pointer.IsDoubleFar ? 16 : 8).Clear();
        }
    }

    internal static void EraseObject(Segment segment, int start, WirePointer pointer, int depth)
    {
        var words = WireBuilder.WordsOf(pointer);
        if (pointer.Kind == WirePointer.StructKind)
        {
            ErasePointers(segment, start + (pointer.DataWords << 3), pointer.PointerCount, depth);
        }
        else if (pointer.Kind == WirePointer.ListKind && pointer.ElementSize == ElementSize.Pointer)
        {
            ErasePointers(segment, start, pointer.ListCount, depth);
        }
        else if (pointer.Kind == WirePointer.ListKind && pointer.ElementSize == ElementSize.InlineComposite)
        {
            var tag = WirePointer.Load(segment.Bytes, start);
            if (tag.PointerCount > 0)
            {
                for (var i = 0; i < tag.TagCount; i++)
                {
                    ErasePointers(segment, start + 8 + ((i * tag.StructWords + tag.DataWords) << 3), tag.PointerCount, depth);
                }
            }
        }

        segment.Bytes.AsSpan(start, words << 3).Clear();
    }

    internal static void ErasePointers(Segment segment, int position, int count, int depth)
    {
        for (var i = 0; i < count; i++)
        {
            EraseTarget(segment, position + (i << 3), depth);
        }
    }
}
