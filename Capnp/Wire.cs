using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Wetware.Capnp;

/// <summary>
/// Raw reads and writes at positions that the caller has checked. The format is little-endian and so is every machine
/// that .NET 10 runs on in production.
/// </summary>
internal static class Wire
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Read<T>(byte[] bytes, int position)
        where T : unmanaged
    {
        Debug.Assert(position >= 0 && position + Unsafe.SizeOf<T>() <= bytes.Length);
        return Unsafe.ReadUnaligned<T>(ref Unsafe.AddByteOffset(ref MemoryMarshal.GetArrayDataReference(bytes), (nuint)(uint)position));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<T>(byte[] bytes, int position, T value)
        where T : unmanaged
    {
        Debug.Assert(position >= 0 && position + Unsafe.SizeOf<T>() <= bytes.Length);
        Unsafe.WriteUnaligned(ref Unsafe.AddByteOffset(ref MemoryMarshal.GetArrayDataReference(bytes), (nuint)(uint)position), value);
    }

    /// <summary>The bits of one element; 64 for a pointer, none for inline composites, whose tag says.</summary>
    public static int BitsOf(ElementSize size) => size switch
    {
        ElementSize.Void => 0,
        ElementSize.Bit => 1,
        ElementSize.Byte => 8,
        ElementSize.TwoBytes => 16,
        ElementSize.FourBytes => 32,
        ElementSize.EightBytes or ElementSize.Pointer => 64,
        _ => 0,
    };

    /// <summary>The layout of a list of scalars of this many bytes.</summary>
    public static ElementSize SizeOf(int bytes) => bytes switch
    {
        1 => ElementSize.Byte,
        2 => ElementSize.TwoBytes,
        4 => ElementSize.FourBytes,
        _ => ElementSize.EightBytes,
    };

    /// <summary>Words that hold this many bits.</summary>
    public static int WordsOfBits(long bits) => (int)((bits + 63) >> 6);
}
