using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Wetware.Wasm.Runtime.Simd;

/// <summary>Conversions between lanes of different types and widths.</summary>
internal static class SimdConvert
{
    [Simd(0x5e)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> DemoteZero(Vector128<byte> a) => Demote(a.AsDouble());

    [Simd(0x5f)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> PromoteLow(Vector128<byte> a) => Promote(a.AsSingle());

    [Simd(0xf8)]
    public static Vector128<byte> TruncSatS(Vector128<byte> a) => Truncate(a.AsSingle()).AsByte();

    [Simd(0xf9)]
    public static Vector128<byte> TruncSatU(Vector128<byte> a) => TruncateUnsigned(a.AsSingle()).AsByte();

    [Simd(0xfa)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ConvertS(Vector128<byte> a) => Vector128.ConvertToSingle(a.AsInt32()).AsByte();

    [Simd(0xfb)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ConvertU(Vector128<byte> a) => ConvertUnsigned(a.AsUInt32()).AsByte();

    [Simd(0xfc)]
    public static Vector128<byte> TruncSatSZero(Vector128<byte> a) =>
        Vector128.Create(Truncation.SatI32S(a.AsDouble()[0]), Truncation.SatI32S(a.AsDouble()[1]), 0, 0).AsByte();

    [Simd(0xfd)]
    public static Vector128<byte> TruncSatUZero(Vector128<byte> a) =>
        Vector128.Create(Truncation.SatI32U(a.AsDouble()[0]), Truncation.SatI32U(a.AsDouble()[1]), 0, 0).AsByte();

    [Simd(0xfe)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ConvertLowS(Vector128<byte> a) => Vector128.Create((double)a.AsInt32()[0], a.AsInt32()[1]).AsByte();

    [Simd(0xff)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ConvertLowU(Vector128<byte> a) => Vector128.Create((double)a.AsUInt32()[0], a.AsUInt32()[1]).AsByte();

    public static Vector128<sbyte> NarrowSaturated(Vector128<short> a, Vector128<short> b) => Vector128.NarrowWithSaturation(a, b);

    public static Vector128<short> NarrowSaturated(Vector128<int> a, Vector128<int> b) => Vector128.NarrowWithSaturation(a, b);

    /// <summary>Signed lanes to unsigned ones: below zero becomes zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> NarrowUnsigned(Vector128<short> a, Vector128<short> b) => Sse2.IsSupported
        ? Sse2.PackUnsignedSaturate(a, b)
        : Vector128.NarrowWithSaturation(Vector128.Max(a, Vector128<short>.Zero).AsUInt16(), Vector128.Max(b, Vector128<short>.Zero).AsUInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> NarrowUnsigned(Vector128<int> a, Vector128<int> b) => Sse41.IsSupported
        ? Sse41.PackUnsignedSaturate(a, b)
        : Vector128.NarrowWithSaturation(Vector128.Max(a, Vector128<int>.Zero).AsUInt32(), Vector128.Max(b, Vector128<int>.Zero).AsUInt32());

    /// <summary>The sums of neighbouring lanes, widened: an arithmetic shift leaves the odd lanes, a shift up and down the even ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> AddPairs(Vector128<sbyte> a) =>
        Vector128.ShiftRightArithmetic(a.AsInt16(), 8) + Vector128.ShiftRightArithmetic(Vector128.ShiftLeft(a.AsInt16(), 8), 8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> AddPairs(Vector128<byte> a) =>
        Vector128.ShiftRightLogical(a.AsUInt16(), 8) + (a.AsUInt16() & Vector128.Create((ushort)0xff));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> AddPairs(Vector128<short> a) =>
        Vector128.ShiftRightArithmetic(a.AsInt32(), 16) + Vector128.ShiftRightArithmetic(Vector128.ShiftLeft(a.AsInt32(), 16), 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> AddPairs(Vector128<ushort> a) =>
        Vector128.ShiftRightLogical(a.AsUInt32(), 16) + (a.AsUInt32() & Vector128.Create(0xffffu));

    /// <summary>Rounded fixed-point product; the one case that overflows, both operands the lowest number, is corrected.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Q15Multiply(Vector128<short> a, Vector128<short> b)
    {
        var half = Vector128.Create(0x4000);
        var low = Vector128.ShiftRightArithmetic((Vector128.WidenLower(a) * Vector128.WidenLower(b)) + half, 15);
        var high = Vector128.ShiftRightArithmetic((Vector128.WidenUpper(a) * Vector128.WidenUpper(b)) + half, 15);
        return Vector128.NarrowWithSaturation(low, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Dot(Vector128<short> a, Vector128<short> b)
    {
        if (Sse2.IsSupported)
        {
            return Sse2.MultiplyAddAdjacent(a, b);
        }

        var even = Vector128.ShiftRightArithmetic(Vector128.ShiftLeft(a.AsInt32(), 16), 16) * Vector128.ShiftRightArithmetic(Vector128.ShiftLeft(b.AsInt32(), 16), 16);
        return even + (Vector128.ShiftRightArithmetic(a.AsInt32(), 16) * Vector128.ShiftRightArithmetic(b.AsInt32(), 16));
    }

    private static Vector128<int> Truncate(Vector128<float> a) => Vector128.Create(
        Truncation.SatI32S(a[0]), Truncation.SatI32S(a[1]), Truncation.SatI32S(a[2]), Truncation.SatI32S(a[3]));

    private static Vector128<uint> TruncateUnsigned(Vector128<float> a) => Vector128.Create(
        Truncation.SatI32U(a[0]), Truncation.SatI32U(a[1]), Truncation.SatI32U(a[2]), Truncation.SatI32U(a[3]));

    private static Vector128<float> ConvertUnsigned(Vector128<uint> a) => Vector128.Create((float)a[0], a[1], a[2], a[3]);

    private static Vector128<byte> Demote(Vector128<double> a) =>
        Vector128.Create(Floats.Demote(a[0]), Floats.Demote(a[1]), 0, 0).AsByte();

    private static Vector128<byte> Promote(Vector128<float> a) =>
        Vector128.Create(Floats.Promote(a[0]), Floats.Promote(a[1])).AsByte();
}
