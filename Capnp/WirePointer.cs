using System.Runtime.CompilerServices;

namespace Wetware.Capnp;

/// <summary>One pointer word, taken apart (encoding specification, "Structs", "Lists", "Inter-Segment Pointers", "Capabilities").</summary>
internal readonly struct WirePointer(ulong word)
{
    public const uint StructKind = 0;
    public const uint ListKind = 1;
    public const uint FarKind = 2;
    public const uint OtherKind = 3;

    public bool IsNull => word == 0;

    public uint Kind => (uint)word & 3;

    /// <summary>Words from the end of the pointer to its target; signed.</summary>
    public int Offset => (int)(uint)word >> 2;

    public int DataWords => (ushort)(word >> 32);

    public int PointerCount => (int)(word >> 48);

    public int StructWords => DataWords + PointerCount;

    public ElementSize ElementSize => (ElementSize)((uint)(word >> 32) & 7);

    /// <summary>Elements; for inline composites the words of all, without the tag.</summary>
    public int ListCount => (int)(word >> 35);

    public bool IsByteList => (word & 0x0000_0007_0000_0003UL) == (ListKind | ((ulong)ElementSize.Byte << 32));

    /// <summary>Of a tag before inline composites: how many there are.</summary>
    public int TagCount => (int)((uint)word >> 2);

    public bool IsDoubleFar => (word & 4) != 0;

    /// <summary>Words from the start of the segment to the landing pad.</summary>
    public int FarOffset => (int)((uint)word >> 3);

    public uint FarSegment => (uint)(word >> 32);

    public bool IsCapability => (uint)word == OtherKind;

    public uint CapabilityIndex => (uint)(word >> 32);

    public static WirePointer Struct(int offset, int dataWords, int pointers) =>
        new(((ulong)(uint)(offset << 2)) | ((ulong)(uint)dataWords << 32) | ((ulong)(uint)pointers << 48));

    public static WirePointer List(int offset, ElementSize size, int count) =>
        new((uint)(offset << 2) | ListKind | ((ulong)size << 32) | ((ulong)(uint)count << 35));

    public static WirePointer Far(int offset, uint segment, bool isDouble) =>
        new(((uint)offset << 3) | (isDouble ? 4u : 0u) | FarKind | ((ulong)segment << 32));

    public static WirePointer Capability(uint index) => new(OtherKind | ((ulong)index << 32));

    public static WirePointer Tag(int count, StructSize size) => Struct(count, size.DataWords, size.PointerCount);

    /// <summary>The same pointer with another offset.</summary>
    public WirePointer At(int offset) => new((word & 0xFFFF_FFFF_0000_0003UL) | (uint)(offset << 2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WirePointer Load(byte[] bytes, int position) => new(Wire.Read<ulong>(bytes, position));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(byte[] bytes, int position) => Wire.Write(bytes, position, word);
}
