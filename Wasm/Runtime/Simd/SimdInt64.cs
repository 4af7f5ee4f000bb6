using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Wetware.Wasm.Runtime.Simd;

/// <summary>Instructions on two 64-bit lanes.</summary>
internal static class SimdInt64
{
    [Simd(0xc0)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Abs(Vector128<byte> a) => Vector128.Abs(a.AsInt64()).AsByte();

    [Simd(0xc1)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Neg(Vector128<byte> a) => (-a.AsInt64()).AsByte();

    [Simd(0xc3)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int AllTrue(Vector128<byte> a) => Vector128.EqualsAny(a.AsUInt64(), Vector128<ulong>.Zero) ? 0 : 1;

    [Simd(0xc4)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Bitmask(Vector128<byte> a) => (int)a.AsInt64().ExtractMostSignificantBits();

    [Simd(0xc7)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ExtendLowS(Vector128<byte> a) => Vector128.WidenLower(a.AsInt32()).AsByte();

    [Simd(0xc8)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ExtendHighS(Vector128<byte> a) => Vector128.WidenUpper(a.AsInt32()).AsByte();

    [Simd(0xc9)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ExtendLowU(Vector128<byte> a) => Vector128.WidenLower(a.AsUInt32()).AsByte();

    [Simd(0xca)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ExtendHighU(Vector128<byte> a) => Vector128.WidenUpper(a.AsUInt32()).AsByte();

    [Simd(0xcb)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Shl(Vector128<byte> a, int count) => Vector128.ShiftLeft(a.AsUInt64(), count & 63).AsByte();

    [Simd(0xcc)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ShrS(Vector128<byte> a, int count) => Vector128.ShiftRightArithmetic(a.AsInt64(), count & 63).AsByte();

    [Simd(0xcd)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ShrU(Vector128<byte> a, int count) => Vector128.ShiftRightLogical(a.AsUInt64(), count & 63).AsByte();

    [Simd(0xce)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Add(Vector128<byte> a, Vector128<byte> b) => (a.AsInt64() + b.AsInt64()).AsByte();

    [Simd(0xd1)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Sub(Vector128<byte> a, Vector128<byte> b) => (a.AsInt64() - b.AsInt64()).AsByte();

    [Simd(0xd5)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Mul(Vector128<byte> a, Vector128<byte> b) => (a.AsInt64() * b.AsInt64()).AsByte();

    [Simd(0xdc)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ExtMulLowS(Vector128<byte> a, Vector128<byte> b) =>
        (Vector128.WidenLower(a.AsInt32()) * Vector128.WidenLower(b.AsInt32())).AsByte();

    [Simd(0xdd)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ExtMulHighS(Vector128<byte> a, Vector128<byte> b) =>
        (Vector128.WidenUpper(a.AsInt32()) * Vector128.WidenUpper(b.AsInt32())).AsByte();

    [Simd(0xde)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ExtMulLowU(Vector128<byte> a, Vector128<byte> b) =>
        (Vector128.WidenLower(a.AsUInt32()) * Vector128.WidenLower(b.AsUInt32())).AsByte();

    [Simd(0xdf)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ExtMulHighU(Vector128<byte> a, Vector128<byte> b) =>
        (Vector128.WidenUpper(a.AsUInt32()) * Vector128.WidenUpper(b.AsUInt32())).AsByte();
}
