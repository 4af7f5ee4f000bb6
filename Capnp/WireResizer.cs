namespace Wetware.Capnp;

/// <summary>Changes how many elements a list has, in place where that can be.</summary>
internal static class WireResizer
{
    /// <summary>Makes the list behind a pointer this long. What is cut off is cleared, what is added is zero.</summary>
    public static ListBuilder Resize(Segment segment, int position, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Limits.ListElementsMax);
        var list = WireUpgrade.GetList(segment, position);
        if (list.IsDefault)
        {
            throw new InvalidOperationException("there is no list to resize");
        }

        if (count < list.Count)
        {
            Truncate(list, count);
            SetCount(segment, position, list, count);
        }
        else if (count > list.Count)
        {
            if (TryExtend(list, count))
            {
                SetCount(segment, position, list, count);
            }
            else
            {
                MoveToLarger(segment, position, list, count);
            }
        }

        return WireUpgrade.GetList(segment, position);
    }

    private static void Truncate(ListBuilder list, int count)
    {
        for (var i = count; i < list.Count && list.PointerCount > 0; i++)
        {
            WireEraser.ErasePointers(
                list.Segment,
                list.Start + (int)((long)i * list.StepBits >> 3) + (list.DataBits >> 3),
                list.PointerCount,
                Limits.BuilderNestingMax);
        }

        var newBits = (long)count * list.StepBits;
        var bytes = list.Segment.Bytes;
        var end = EndOf(list, list.Count);
        var from = list.Start + (int)((newBits + 7) >> 3);
        bytes.AsSpan(from, end - from).Clear();
        if ((newBits & 7) != 0)
        {
            bytes[from - 1] &= (byte)((1 << (int)(newBits & 7)) - 1);
        }

        if (list.Segment.End == end)
        {
            list.Segment.End = EndOf(list, count);
        }
    }

    private static bool TryExtend(ListBuilder list, int count)
    {
        var old = EndOf(list, list.Count);
        var words = Words(list, count) - Words(list, list.Count);
        if (words == 0)
        {
            return true;
        }

        if (list.Segment.End != old || Words(list, count) >= Limits.ListElementsMax || list.Segment.TryAllocate((int)words) < 0)
        {
            return false;
        }

        list.Segment.Bytes.AsSpan(old, (int)words << 3).Clear();
        return true;
    }

    private static void MoveToLarger(Segment segment, int position, ListBuilder old, int count)
    {
        WireUpgrade.ClearPad(segment, position);
        Wire.Write(segment.Bytes, position, 0UL);
        var isStructs = old.ElementSize == ElementSize.InlineComposite;
        var list = isStructs
            ? WireBuilder.InitStructList(segment, position, old.StructSize, count)
            : WireBuilder.InitList(segment, position, old.ElementSize, count);
        if (old.PointerCount == 0)
        {
            var bytes = (int)(((long)old.Count * old.StepBits + 7) >> 3);
            old.Segment.Bytes.AsSpan(old.Start, bytes).CopyTo(list.Segment.Bytes.AsSpan(list.Start));
        }

        for (var i = 0; i < old.Count && old.PointerCount > 0; i++)
        {
            var step = i * (old.StepBits >> 3);
            WireUpgrade.MoveElement(old, old.Start + step, list, list.Start + step);
        }

        WireUpgrade.ClearOld(old);
    }

    private static void SetCount(Segment segment, int position, ListBuilder list, int count)
    {
        var pointer = WirePointer.Load(segment.Bytes, position);
        if (pointer.Kind == WirePointer.FarKind)
        {
            segment = segment.Arena.GetSegment(pointer.FarSegment);
            position = segment.Start + (pointer.FarOffset << 3) + (pointer.IsDoubleFar ? 8 : 0);
            pointer = WirePointer.Load(segment.Bytes, position);
        }

        if (list.ElementSize == ElementSize.InlineComposite)
        {
            WirePointer.Tag(count, list.StructSize).Store(list.Segment.Bytes, list.Start - 8);
            count *= list.StructSize.TotalWords;
        }

        WirePointer.List(pointer.Offset, list.ElementSize, count).Store(segment.Bytes, position);
    }

    private static long Words(ListBuilder list, int count) => ((long)count * list.StepBits + 63) >> 6;

    private static int EndOf(ListBuilder list, int count) => list.Start + ((int)Words(list, count) << 3);
}
