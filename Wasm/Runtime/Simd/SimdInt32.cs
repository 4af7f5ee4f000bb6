using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Wetware.Wasm.Runtime.Simd;

/// <summary>Instructions on four 32-bit lanes.</summary>
internal static class SimdInt32
{
    [Simd(0x7e)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ExtAddPairwiseS(Vector128<byte> a) => SimdConvert.AddPairs(a.AsInt16()).AsByte();

    [Simd(0x7f)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ExtAddPairwiseU(Vector128<byte> a) => SimdConvert.AddPairs(a.AsUInt16()).AsByte();

    [Simd(0xa0)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Abs(Vector128<byte> a) => Vector128.Abs(a.AsInt32()).AsByte();

    [Simd(0xa1)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Neg(Vector128<byte> a) => (-a.AsInt32()).AsByte();

    [Simd(0xa3)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int AllTrue(Vector128<byte> a) => Vector128.EqualsAny(a.AsUInt32(), Vector128<uint>.Zero) ? 0 : 1;

    [Simd(0xa4)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Bitmask(Vector128<byte> a) => (int)a.AsInt32().ExtractMostSignificantBits();

    [Simd(0xa7)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ExtendLowS(Vector128<byte> a) => Vector128.WidenLower(a.AsInt16()).AsByte();

    [Simd(0xa8)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ExtendHighS(Vector128<byte> a) => Vector128.WidenUpper(a.AsInt16()).AsByte();

    [Simd(0xa9)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ExtendLowU(Vector128<byte> a) => Vector128.WidenLower(a.AsUInt16()).AsByte();

    [Simd(0xaa)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ExtendHighU(Vector128<byte> a) => Vector128.WidenUpper(a.AsUInt16()).AsByte();

    [Simd(0xab)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Shl(Vector128<byte> a, int count) => Vector128.ShiftLeft(a.AsUInt32(), count & 31).AsByte();

    [Simd(0xac)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ShrS(Vector128<byte> a, int count) => Vector128.ShiftRightArithmetic(a.AsInt32(), count & 31).AsByte();

    [Simd(0xad)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ShrU(Vector128<byte> a, int count) => Vector128.ShiftRightLogical(a.AsUInt32(), count & 31).AsByte();

    [Simd(0xae)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Add(Vector128<byte> a, Vector128<byte> b) => (a.AsInt32() + b.AsInt32()).AsByte();

    [Simd(0xb1)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Sub(Vector128<byte> a, Vector128<byte> b) => (a.AsInt32() - b.AsInt32()).AsByte();

    [Simd(0xb5)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Mul(Vector128<byte> a, Vector128<byte> b) => (a.AsInt32() * b.AsInt32()).AsByte();

    [Simd(0xb6)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MinS(Vector128<byte> a, Vector128<byte> b) => Vector128.Min(a.AsInt32(), b.AsInt32()).AsByte();

    [Simd(0xb7)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MinU(Vector128<byte> a, Vector128<byte> b) => Vector128.Min(a.AsUInt32(), b.AsUInt32()).AsByte();

    [Simd(0xb8)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MaxS(Vector128<byte> a, Vector128<byte> b) => Vector128.Max(a.AsInt32(), b.AsInt32()).AsByte();

    [Simd(0xb9)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MaxU(Vector128<byte> a, Vector128<byte> b) => Vector128.Max(a.AsUInt32(), b.AsUInt32()).AsByte();

    [Simd(0xba)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> DotS(Vector128<byte> a, Vector128<byte> b) => SimdConvert.Dot(a.AsInt16(), b.AsInt16()).AsByte();

    [Simd(0xbc)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ExtMulLowS(Vector128<byte> a, Vector128<byte> b) =>
        (Vector128.WidenLower(a.AsInt16()) * Vector128.WidenLower(b.AsInt16())).AsByte();

    [Simd(0xbd)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ExtMulHighS(Vector128<byte> a, Vector128<byte> b) =>
        (Vector128.WidenUpper(a.AsInt16()) * Vector128.WidenUpper(b.AsInt16())).AsByte();

    [Simd(0xbe)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ExtMulLowU(Vector128<byte> a, Vector128<byte> b) =>
        (Vector128.WidenLower(a.AsUInt16()) * Vector128.WidenLower(b.AsUInt16())).AsByte();

    [Simd(0xbf)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ExtMulHighU(Vector128<byte> a, Vector128<byte> b) =>
        (Vector128.WidenUpper(a.AsUInt16()) * Vector128.WidenUpper(b.AsUInt16())).AsByte();
}
