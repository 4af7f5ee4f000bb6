using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Wetware.Wasm.Runtime.Simd;

/// <summary>Vector comparisons: all bits of a lane are set where the comparison holds.</summary>
internal static class SimdCompare
{
    [Simd(0x23)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Eq8(Vector128<byte> a, Vector128<byte> b) => Vector128.Equals(a.AsSByte(), b.AsSByte()).AsByte();

    [Simd(0x24)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Ne8(Vector128<byte> a, Vector128<byte> b) => ~Vector128.Equals(a.AsSByte(), b.AsSByte()).AsByte();

    [Simd(0x25)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Lt8S(Vector128<byte> a, Vector128<byte> b) => Vector128.LessThan(a.AsSByte(), b.AsSByte()).AsByte();

    [Simd(0x26)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Lt8U(Vector128<byte> a, Vector128<byte> b) => Vector128.LessThan(a, b);

    [Simd(0x27)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Gt8S(Vector128<byte> a, Vector128<byte> b) => Vector128.GreaterThan(a.AsSByte(), b.AsSByte()).AsByte();

    [Simd(0x28)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Gt8U(Vector128<byte> a, Vector128<byte> b) => Vector128.GreaterThan(a, b);

    [Simd(0x29)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Le8S(Vector128<byte> a, Vector128<byte> b) => Vector128.LessThanOrEqual(a.AsSByte(), b.AsSByte()).AsByte();

    [Simd(0x2a)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Le8U(Vector128<byte> a, Vector128<byte> b) => Vector128.LessThanOrEqual(a, b);

    [Simd(0x2b)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Ge8S(Vector128<byte> a, Vector128<byte> b) => Vector128.GreaterThanOrEqual(a.AsSByte(), b.AsSByte()).AsByte();

    [Simd(0x2c)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Ge8U(Vector128<byte> a, Vector128<byte> b) => Vector128.GreaterThanOrEqual(a, b);

    [Simd(0x2d)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Eq16(Vector128<byte> a, Vector128<byte> b) => Vector128.Equals(a.AsInt16(), b.AsInt16()).AsByte();

    [Simd(0x2e)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Ne16(Vector128<byte> a, Vector128<byte> b) => ~Vector128.Equals(a.AsInt16(), b.AsInt16()).AsByte();

    [Simd(0x2f)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Lt16S(Vector128<byte> a, Vector128<byte> b) => Vector128.LessThan(a.AsInt16(), b.AsInt16()).AsByte();

    [Simd(0x30)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Lt16U(Vector128<byte> a, Vector128<byte> b) => Vector128.LessThan(a.AsUInt16(), b.AsUInt16()).AsByte();

    [Simd(0x31)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Gt16S(Vector128<byte> a, Vector128<byte> b) => Vector128.GreaterThan(a.AsInt16(), b.AsInt16()).AsByte();

    [Simd(0x32)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Gt16U(Vector128<byte> a, Vector128<byte> b) => Vector128.GreaterThan(a.AsUInt16(), b.AsUInt16()).AsByte();

    [Simd(0x33)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Le16S(Vector128<byte> a, Vector128<byte> b) => Vector128.LessThanOrEqual(a.AsInt16(), b.AsInt16()).AsByte();

    [Simd(0x34)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Le16U(Vector128<byte> a, Vector128<byte> b) => Vector128.LessThanOrEqual(a.AsUInt16(), b.AsUInt16()).AsByte();

    [Simd(0x35)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Ge16S(Vector128<byte> a, Vector128<byte> b) => Vector128.GreaterThanOrEqual(a.AsInt16(), b.AsInt16()).AsByte();

    [Simd(0x36)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Ge16U(Vector128<byte> a, Vector128<byte> b) => Vector128.GreaterThanOrEqual(a.AsUInt16(), b.AsUInt16()).AsByte();

    [Simd(0x37)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Eq32(Vector128<byte> a, Vector128<byte> b) => Vector128.Equals(a.AsInt32(), b.AsInt32()).AsByte();

    [Simd(0x38)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Ne32(Vector128<byte> a, Vector128<byte> b) => ~Vector128.Equals(a.AsInt32(), b.AsInt32()).AsByte();

    [Simd(0x39)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Lt32S(Vector128<byte> a, Vector128<byte> b) => Vector128.LessThan(a.AsInt32(), b.AsInt32()).AsByte();

    [Simd(0x3a)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Lt32U(Vector128<byte> a, Vector128<byte> b) => Vector128.LessThan(a.AsUInt32(), b.AsUInt32()).AsByte();

    [Simd(0x3b)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Gt32S(Vector128<byte> a, Vector128<byte> b) => Vector128.GreaterThan(a.AsInt32(), b.AsInt32()).AsByte();

    [Simd(0x3c)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Gt32U(Vector128<byte> a, Vector128<byte> b) => Vector128.GreaterThan(a.AsUInt32(), b.AsUInt32()).AsByte();

    [Simd(0x3d)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Le32S(Vector128<byte> a, Vector128<byte> b) => Vector128.LessThanOrEqual(a.AsInt32(), b.AsInt32()).AsByte();

    [Simd(0x3e)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Le32U(Vector128<byte> a, Vector128<byte> b) => Vector128.LessThanOrEqual(a.AsUInt32(), b.AsUInt32()).AsByte();

    [Simd(0x3f)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Ge32S(Vector128<byte> a, Vector128<byte> b) => Vector128.GreaterThanOrEqual(a.AsInt32(), b.AsInt32()).AsByte();

    [Simd(0x40)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Ge32U(Vector128<byte> a, Vector128<byte> b) => Vector128.GreaterThanOrEqual(a.AsUInt32(), b.AsUInt32()).AsByte();

    [Simd(0x41)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> EqSingle(Vector128<byte> a, Vector128<byte> b) => Vector128.Equals(a.AsSingle(), b.AsSingle()).AsByte();

    [Simd(0x42)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> NeSingle(Vector128<byte> a, Vector128<byte> b) => ~Vector128.Equals(a.AsSingle(), b.AsSingle()).AsByte();

    [Simd(0x43)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> LtSingle(Vector128<byte> a, Vector128<byte> b) => Vector128.LessThan(a.AsSingle(), b.AsSingle()).AsByte();

    [Simd(0x44)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> GtSingle(Vector128<byte> a, Vector128<byte> b) => Vector128.GreaterThan(a.AsSingle(), b.AsSingle()).AsByte();

    [Simd(0x45)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> LeSingle(Vector128<byte> a, Vector128<byte> b) => Vector128.LessThanOrEqual(a.AsSingle(), b.AsSingle()).AsByte();

    [Simd(0x46)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> GeSingle(Vector128<byte> a, Vector128<byte> b) =>
        Vector128.GreaterThanOrEqual(a.AsSingle(), b.AsSingle()).AsByte();

    [Simd(0x47)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> EqDouble(Vector128<byte> a, Vector128<byte> b) => Vector128.Equals(a.AsDouble(), b.AsDouble()).AsByte();

    [Simd(0x48)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> NeDouble(Vector128<byte> a, Vector128<byte> b) => ~Vector128.Equals(a.AsDouble(), b.AsDouble()).AsByte();

    [Simd(0x49)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> LtDouble(Vector128<byte> a, Vector128<byte> b) => Vector128.LessThan(a.AsDouble(), b.AsDouble()).AsByte();

    [Simd(0x4a)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> GtDouble(Vector128<byte> a, Vector128<byte> b) => Vector128.GreaterThan(a.AsDouble(), b.AsDouble()).AsByte();

    [Simd(0x4b)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> LeDouble(Vector128<byte> a, Vector128<byte> b) => Vector128.LessThanOrEqual(a.AsDouble(), b.AsDouble()).AsByte();

    [Simd(0x4c)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> GeDouble(Vector128<byte> a, Vector128<byte> b) =>
        Vector128.GreaterThanOrEqual(a.AsDouble(), b.AsDouble()).AsByte();

    [Simd(0xd6)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Eq64(Vector128<byte> a, Vector128<byte> b) => Vector128.Equals(a.AsInt64(), b.AsInt64()).AsByte();

    [Simd(0xd7)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Ne64(Vector128<byte> a, Vector128<byte> b) => ~Vector128.Equals(a.AsInt64(), b.AsInt64()).AsByte();

    [Simd(0xd8)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Lt64(Vector128<byte> a, Vector128<byte> b) => Vector128.LessThan(a.AsInt64(), b.AsInt64()).AsByte();

    [Simd(0xd9)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Gt64(Vector128<byte> a, Vector128<byte> b) => Vector128.GreaterThan(a.AsInt64(), b.AsInt64()).AsByte();

    [Simd(0xda)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Le64(Vector128<byte> a, Vector128<byte> b) => Vector128.LessThanOrEqual(a.AsInt64(), b.AsInt64()).AsByte();

    [Simd(0xdb)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Ge64(Vector128<byte> a, Vector128<byte> b) => Vector128.GreaterThanOrEqual(a.AsInt64(), b.AsInt64()).AsByte();
}
