namespace Wetware.Capnp;

/// <summary>The room that a struct takes.</summary>
/// <param name="DataWords">Words (8 bytes) of its data section.</param>
/// <param name="PointerCount">Pointers in its pointer section.</param>
public readonly record struct StructSize(ushort DataWords, ushort PointerCount)
{
    /// <summary>Both sections together, in words.</summary>
    public int TotalWords => DataWords + PointerCount;

    /// <summary>The smallest size that holds either of two.</summary>
    public StructSize Union(StructSize other) =>
        new(Math.Max(DataWords, other.DataWords), Math.Max(PointerCount, other.PointerCount));
}
