using System.Runtime.CompilerServices;
using Wetware.Core;

namespace Wetware.Capnp;

/// <summary>Allocates objects of a message under construction and points at them, across segments where it must.</summary>
internal static class WireBuilder
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static StructBuilder InitStruct(Segment segment, byte[] bytes, int position, StructSize size)
    {
        if (Wire.Read<ulong>(bytes, position) != 0)
        {
            WireEraser.Erase(segment, position);
        }

        var start = Allocate(ref segment, position, size.TotalWords, WirePointer.Struct(0, size.DataWords, size.PointerCount));
        return new StructBuilder(segment, segment.Bytes, start, size.DataWords << 3, size.PointerCount);
    }

    /// <summary>Makes a list of scalars or pointers.</summary>
    public static ListBuilder InitList(Segment segment, int position, ElementSize size, int count)
    {
        CheckCount(count);
        WireEraser.Erase(segment, position);
        var bits = Wire.BitsOf(size);
        var start = Allocate(ref segment, position, Wire.WordsOfBits((long)count * bits), WirePointer.List(0, size, count));
        return size == ElementSize.Pointer
            ? new ListBuilder(segment, segment.Bytes, start, count, 64, 0, 1, size)
            : new ListBuilder(segment, segment.Bytes, start, count, bits, bits, 0, size);
    }

    /// <summary>Makes a list of structs.</summary>
    public static ListBuilder InitStructList(Segment segment, int position, StructSize size, int count)
    {
        CheckCount(count);
        WireEraser.Erase(segment, position);
        var words = (long)count * size.TotalWords;
        if (words >= Limits.ListElementsMax)
        {
            throw new InvalidOperationException("a list of structs has 2^29 words at most");
        }

        var start = Allocate(ref segment, position, (int)words + 1, WirePointer.List(0, ElementSize.InlineComposite, (int)words));
        WirePointer.Tag(count, size).Store(segment.Bytes, start);
        return new ListBuilder(
            segment, segment.Bytes, start + 8, count,
            size.TotalWords << 6, size.DataWords << 6, size.PointerCount, ElementSize.InlineComposite);
    }

    /// <summary>Makes a list of bytes whose content the caller writes at once: only the last word is zeroed.</summary>
    public static int InitBytes(ref Segment segment, int position, int count)
    {
        CheckCount(count);
        if (Wire.Read<ulong>(segment.Bytes, position) != 0)
        {
            WireEraser.Erase(segment, position);
        }

        var words = (int)(((uint)count + 7) >> 3);
        var pointer = WirePointer.List(0, ElementSize.Byte, count);
        var start = words == 0 ? -1 : segment.TryAllocate(words);
        if (start < 0)
        {
            return Allocate(ref segment, position, words, pointer);
        }

        Wire.Write(segment.Bytes, start + (words << 3) - 8, 0UL);
        pointer.At((start - position - 8) >> 3).Store(segment.Bytes, position);
        return start;
    }

    /// <summary>Allocates an object and points at it.</summary>
    /// <param name="segment">Where the pointer is; becomes where the object is.</param>
    /// <param name="position">Of the pointer.</param>
    /// <param name="words">Of the object.</param>
    /// <param name="pointer">The pointer but for its offset.</param>
    /// <returns>Where the object starts.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Allocate(ref Segment segment, int position, int words, WirePointer pointer)
    {
        if (words == 0)
        {
            PointAtNothing(segment, position, pointer);
            return position;
        }

        var start = segment.TryAllocate(words);
        if (start < 0)
        {
            return AllocateFar(ref segment, position, words, pointer);
        }

        var bytes = segment.Bytes;
        if (words <= 8)
        {
            for (var at = start; at < start + (words << 3); at += 8)
            {
                Wire.Write(bytes, at, 0UL);
            }
        }
        else
        {
            bytes.AsSpan(start, words << 3).Clear();
        }

        pointer.At((start - position - 8) >> 3).Store(bytes, position);
        return start;
    }

    /// <summary>Points at an object that is there already.</summary>
    /// <param name="segment">Where the pointer is.</param>
    /// <param name="position">Of the pointer.</param>
    /// <param name="target">Where the object is.</param>
    /// <param name="start">Where in there.</param>
    /// <param name="pointer">The pointer but for its offset.</param>
    public static void Point(Segment segment, int position, Segment target, int start, WirePointer pointer)
    {
        if (WordsOf(pointer) == 0)
        {
            PointAtNothing(segment, position, pointer);
        }
        else if (ReferenceEquals(segment, target))
        {
            pointer.At((start - position - 8) >> 3).Store(segment.Bytes, position);
        }
        else
        {
            PointFar(segment, position, target, start, pointer);
        }
    }

    /// <summary>Moves a pointer; what it points at stays. The old place is left as it is.</summary>
    public static void Move(Segment from, int fromPosition, Segment to, int toPosition)
    {
        var pointer = WirePointer.Load(from.Bytes, fromPosition);
        if (pointer.IsNull || pointer.Kind >= WirePointer.FarKind)
        {
            pointer.Store(to.Bytes, toPosition);
        }
        else
        {
            Point(to, toPosition, from, fromPosition + 8 + (pointer.Offset << 3), pointer);
        }
    }

    /// <summary>Follows a pointer of a message under construction.</summary>
    /// <param name="segment">Where the pointer is; becomes where the object is.</param>
    /// <param name="position">Of the pointer.</param>
    /// <param name="start">Where the object starts; meaningless for capabilities and the null pointer.</param>
    /// <returns>The pointer that tells kind and size.</returns>
    public static WirePointer Follow(ref Segment segment, int position, out int start)
    {
        var pointer = WirePointer.Load(segment.Bytes, position);
        var target = position + 8 + ((long)pointer.Offset << 3);
        if (pointer.Kind == WirePointer.FarKind)
        {
            var bytes = segment.Bytes;
            pointer = WireReader.FollowFar(ref segment, ref bytes, pointer, ref target);
        }

        start = 0;
        if (pointer.Kind <= WirePointer.ListKind && !pointer.IsNull)
        {
            // Builders trust what they built, but stay in bounds even so.
            Invariant.Check(target >= segment.Start && target + WordsOf(pointer) * 8L <= segment.End
                && segment.End <= segment.Bytes.Length);
            start = (int)target;
        }

        return pointer;
    }

    /// <summary>Words of the object that a pointer tells of, a tag included.</summary>
    public static int WordsOf(WirePointer pointer) => pointer.Kind switch
    {
        WirePointer.StructKind => pointer.StructWords,
        WirePointer.ListKind when pointer.ElementSize == ElementSize.InlineComposite => pointer.ListCount + 1,
        WirePointer.ListKind => Wire.WordsOfBits((long)pointer.ListCount * Wire.BitsOf(pointer.ElementSize)),
        _ => 0,
    };

    public static MessageBuilder BuilderOf(Segment segment) =>
        segment.Arena as MessageBuilder ?? throw new InvalidOperationException("the message cannot be changed");

    // What takes no room is pointed at in the pointer's own word, which is there as long as the pointer is: the end of the segment may
    // yet be cut off. An offset of zero would make a struct's pointer the null pointer; -1 does for lists too.
    private static void PointAtNothing(Segment segment, int position, WirePointer pointer) => pointer.At(-1).Store(segment.Bytes, position);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int AllocateFar(ref Segment segment, int position, int words, WirePointer pointer)
    {
        // The landing pad goes right before the object.
        var target = segment;
        var pad = BuilderOf(segment).Allocate(ref target, checked(words + 1));
        pointer.At(0).Store(target.Bytes, pad);
        WirePointer.Far((pad - target.Start) >> 3, (uint)target.Id, false).Store(segment.Bytes, position);
        segment = target;
        return pad + 8;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void PointFar(Segment segment, int position, Segment target, int start, WirePointer pointer)
    {
        var pad = target.TryAllocate(1);
        if (pad >= 0)
        {
            pointer.At((start - pad - 8) >> 3).Store(target.Bytes, pad);
            WirePointer.Far((pad - target.Start) >> 3, (uint)target.Id, false).Store(segment.Bytes, position);
            return;
        }

        var third = segment;
        pad = BuilderOf(segment).Allocate(ref third, 2);
        WirePointer.Far((start - target.Start) >> 3, (uint)target.Id, false).Store(third.Bytes, pad);
        pointer.At(0).Store(third.Bytes, pad + 8);
        WirePointer.Far((pad - third.Start) >> 3, (uint)third.Id, true).Store(segment.Bytes, position);
    }

    private static void CheckCount(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Limits.ListElementsMax);
    }
}
