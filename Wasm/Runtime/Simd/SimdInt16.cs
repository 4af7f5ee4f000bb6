using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Wetware.Wasm.Runtime.Simd;

/// <summary>Instructions on eight 16-bit lanes.</summary>
internal static class SimdInt16
{
    [Simd(0x7c)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ExtAddPairwiseS(Vector128<byte> a) => SimdConvert.AddPairs(a.AsSByte()).AsByte();

    [Simd(0x7d)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ExtAddPairwiseU(Vector128<byte> a) => SimdConvert.AddPairs(a).AsByte();

    [Simd(0x80)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Abs(Vector128<byte> a) => Vector128.Abs(a.AsInt16()).AsByte();

    [Simd(0x81)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Neg(Vector128<byte> a) => (-a.AsInt16()).AsByte();

    [Simd(0x82)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Q15MulrSatS(Vector128<byte> a, Vector128<byte> b) => SimdConvert.Q15Multiply(a.AsInt16(), b.AsInt16()).AsByte();

    [Simd(0x83)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int AllTrue(Vector128<byte> a) => Vector128.EqualsAny(a.AsUInt16(), Vector128<ushort>.Zero) ? 0 : 1;

    [Simd(0x84)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Bitmask(Vector128<byte> a) => (int)a.AsInt16().ExtractMostSignificantBits();

    [Simd(0x85)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> NarrowS(Vector128<byte> a, Vector128<byte> b) => SimdConvert.NarrowSaturated(a.AsInt32(), b.AsInt32()).AsByte();

    [Simd(0x86)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> NarrowU(Vector128<byte> a, Vector128<byte> b) => SimdConvert.NarrowUnsigned(a.AsInt32(), b.AsInt32()).AsByte();

    [Simd(0x87)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ExtendLowS(Vector128<byte> a) => Vector128.WidenLower(a.AsSByte()).AsByte();

    [Simd(0x88)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ExtendHighS(Vector128<byte> a) => Vector128.WidenUpper(a.AsSByte()).AsByte();

    [Simd(0x89)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ExtendLowU(Vector128<byte> a) => Vector128.WidenLower(a).AsByte();

    [Simd(0x8a)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ExtendHighU(Vector128<byte> a) => Vector128.WidenUpper(a).AsByte();

    [Simd(0x8b)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Shl(Vector128<byte> a, int count) => Vector128.ShiftLeft(a.AsUInt16(), count & 15).AsByte();

    [Simd(0x8c)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ShrS(Vector128<byte> a, int count) => Vector128.ShiftRightArithmetic(a.AsInt16(), count & 15).AsByte();

    [Simd(0x8d)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ShrU(Vector128<byte> a, int count) => Vector128.ShiftRightLogical(a.AsUInt16(), count & 15).AsByte();

    [Simd(0x8e)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Add(Vector128<byte> a, Vector128<byte> b) => (a.AsInt16() + b.AsInt16()).AsByte();

    [Simd(0x8f)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> AddSatS(Vector128<byte> a, Vector128<byte> b) => Vector128.AddSaturate(a.AsInt16(), b.AsInt16()).AsByte();

    [Simd(0x90)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> AddSatU(Vector128<byte> a, Vector128<byte> b) => Vector128.AddSaturate(a.AsUInt16(), b.AsUInt16()).AsByte();

    [Simd(0x91)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Sub(Vector128<byte> a, Vector128<byte> b) => (a.AsInt16() - b.AsInt16()).AsByte();

    [Simd(0x92)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> SubSatS(Vector128<byte> a, Vector128<byte> b) => Vector128.SubtractSaturate(a.AsInt16(), b.AsInt16()).AsByte();

    [Simd(0x93)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> SubSatU(Vector128<byte> a, Vector128<byte> b) => Vector128.SubtractSaturate(a.AsUInt16(), b.AsUInt16()).AsByte();

    [Simd(0x95)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Mul(Vector128<byte> a, Vector128<byte> b) => (a.AsInt16() * b.AsInt16()).AsByte();

    [Simd(0x96)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MinS(Vector128<byte> a, Vector128<byte> b) => Vector128.Min(a.AsInt16(), b.AsInt16()).AsByte();

    [Simd(0x97)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MinU(Vector128<byte> a, Vector128<byte> b) => Vector128.Min(a.AsUInt16(), b.AsUInt16()).AsByte();

    [Simd(0x98)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MaxS(Vector128<byte> a, Vector128<byte> b) => Vector128.Max(a.AsInt16(), b.AsInt16()).AsByte();

    [Simd(0x99)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MaxU(Vector128<byte> a, Vector128<byte> b) => Vector128.Max(a.AsUInt16(), b.AsUInt16()).AsByte();

    [Simd(0x9b)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> AvgrU(Vector128<byte> a, Vector128<byte> b) => Average(a.AsUInt16(), b.AsUInt16()).AsByte();

    [Simd(0x9c)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ExtMulLowS(Vector128<byte> a, Vector128<byte> b) =>
        (Vector128.WidenLower(a.AsSByte()) * Vector128.WidenLower(b.AsSByte())).AsByte();

    [Simd(0x9d)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ExtMulHighS(Vector128<byte> a, Vector128<byte> b) =>
        (Vector128.WidenUpper(a.AsSByte()) * Vector128.WidenUpper(b.AsSByte())).AsByte();

    [Simd(0x9e)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ExtMulLowU(Vector128<byte> a, Vector128<byte> b) => (Vector128.WidenLower(a) * Vector128.WidenLower(b)).AsByte();

    [Simd(0x9f)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ExtMulHighU(Vector128<byte> a, Vector128<byte> b) =>
        (Vector128.WidenUpper(a) * Vector128.WidenUpper(b)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> Average(Vector128<ushort> a, Vector128<ushort> b) =>
        Sse2.IsSupported ? Sse2.Average(a, b) : (a | b) - Vector128.ShiftRightLogical(a ^ b, 1);
}
