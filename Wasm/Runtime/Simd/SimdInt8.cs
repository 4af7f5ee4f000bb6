using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Wetware.Wasm.Runtime.Simd;

/// <summary>Instructions on sixteen 8-bit lanes.</summary>
internal static class SimdInt8
{
    [Simd(0x60)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Abs(Vector128<byte> a) => Vector128.Abs(a.AsSByte()).AsByte();

    [Simd(0x61)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Neg(Vector128<byte> a) => (-a.AsSByte()).AsByte();

    [Simd(0x63)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int AllTrue(Vector128<byte> a) => Vector128.EqualsAny(a, Vector128<byte>.Zero) ? 0 : 1;

    [Simd(0x64)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Bitmask(Vector128<byte> a) => (int)a.ExtractMostSignificantBits();

    [Simd(0x65)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> NarrowS(Vector128<byte> a, Vector128<byte> b) => SimdConvert.NarrowSaturated(a.AsInt16(), b.AsInt16()).AsByte();

    [Simd(0x66)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> NarrowU(Vector128<byte> a, Vector128<byte> b) => SimdConvert.NarrowUnsigned(a.AsInt16(), b.AsInt16());

    [Simd(0x6b)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Shl(Vector128<byte> a, int count) => Vector128.ShiftLeft(a, count & 7).AsByte();

    [Simd(0x6c)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ShrS(Vector128<byte> a, int count) => Vector128.ShiftRightArithmetic(a.AsSByte(), count & 7).AsByte();

    [Simd(0x6d)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ShrU(Vector128<byte> a, int count) => Vector128.ShiftRightLogical(a, count & 7).AsByte();

    [Simd(0x6e)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Add(Vector128<byte> a, Vector128<byte> b) => a + b;

    [Simd(0x6f)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> AddSatS(Vector128<byte> a, Vector128<byte> b) => Vector128.AddSaturate(a.AsSByte(), b.AsSByte()).AsByte();

    [Simd(0x70)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> AddSatU(Vector128<byte> a, Vector128<byte> b) => Vector128.AddSaturate(a, b);

    [Simd(0x71)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Sub(Vector128<byte> a, Vector128<byte> b) => a - b;

    [Simd(0x72)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> SubSatS(Vector128<byte> a, Vector128<byte> b) => Vector128.SubtractSaturate(a.AsSByte(), b.AsSByte()).AsByte();

    [Simd(0x73)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> SubSatU(Vector128<byte> a, Vector128<byte> b) => Vector128.SubtractSaturate(a, b);

    [Simd(0x76)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MinS(Vector128<byte> a, Vector128<byte> b) => Vector128.Min(a.AsSByte(), b.AsSByte()).AsByte();

    [Simd(0x77)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MinU(Vector128<byte> a, Vector128<byte> b) => Vector128.Min(a, b);

    [Simd(0x78)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MaxS(Vector128<byte> a, Vector128<byte> b) => Vector128.Max(a.AsSByte(), b.AsSByte()).AsByte();

    [Simd(0x79)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MaxU(Vector128<byte> a, Vector128<byte> b) => Vector128.Max(a, b);

    [Simd(0x7b)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> AvgrU(Vector128<byte> a, Vector128<byte> b) => Average(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Average(Vector128<byte> a, Vector128<byte> b) =>
        Sse2.IsSupported ? Sse2.Average(a, b) : (a | b) - Vector128.ShiftRightLogical(a ^ b, 1);
}
