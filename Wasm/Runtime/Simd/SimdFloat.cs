using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Wetware.Wasm.Runtime.Simd;

/// <summary>Instructions on four 32-bit or two 64-bit floats.</summary>
internal static class SimdFloat
{
    [Simd(0x67)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> CeilSingle(Vector128<byte> a) => Vector128.Ceiling(a.AsSingle()).AsByte();

    [Simd(0x68)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> FloorSingle(Vector128<byte> a) => Vector128.Floor(a.AsSingle()).AsByte();

    [Simd(0x69)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> TruncSingle(Vector128<byte> a) => Vector128.Truncate(a.AsSingle()).AsByte();

    [Simd(0x6a)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> NearestSingle(Vector128<byte> a) => Vector128.Round(a.AsSingle()).AsByte();

    [Simd(0xe0)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> AbsSingle(Vector128<byte> a) => a & Vector128.Create(~int.MinValue).AsByte();

    [Simd(0xe1)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> NegSingle(Vector128<byte> a) => a ^ Vector128.Create(int.MinValue).AsByte();

    [Simd(0xe3)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> SqrtSingle(Vector128<byte> a) => Vector128.Sqrt(a.AsSingle()).AsByte();

    [Simd(0xe4)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> AddSingle(Vector128<byte> a, Vector128<byte> b) => (a.AsSingle() + b.AsSingle()).AsByte();

    [Simd(0xe5)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> SubSingle(Vector128<byte> a, Vector128<byte> b) => (a.AsSingle() - b.AsSingle()).AsByte();

    [Simd(0xe6)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MulSingle(Vector128<byte> a, Vector128<byte> b) => (a.AsSingle() * b.AsSingle()).AsByte();

    [Simd(0xe7)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> DivSingle(Vector128<byte> a, Vector128<byte> b) => (a.AsSingle() / b.AsSingle()).AsByte();

    [Simd(0xe8)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MinSingle(Vector128<byte> a, Vector128<byte> b) => Smaller(a.AsSingle(), b.AsSingle()).AsByte();

    [Simd(0xe9)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MaxSingle(Vector128<byte> a, Vector128<byte> b) => Larger(a.AsSingle(), b.AsSingle()).AsByte();

    [Simd(0xea)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> PMinSingle(Vector128<byte> a, Vector128<byte> b) =>
        Vector128.ConditionalSelect(Vector128.LessThan(b.AsSingle(), a.AsSingle()).AsByte(), b, a);

    [Simd(0xeb)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> PMaxSingle(Vector128<byte> a, Vector128<byte> b) =>
        Vector128.ConditionalSelect(Vector128.LessThan(a.AsSingle(), b.AsSingle()).AsByte(), b, a);

    [Simd(0x74)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> CeilDouble(Vector128<byte> a) => Vector128.Ceiling(a.AsDouble()).AsByte();

    [Simd(0x75)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> FloorDouble(Vector128<byte> a) => Vector128.Floor(a.AsDouble()).AsByte();

    [Simd(0x7a)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> TruncDouble(Vector128<byte> a) => Vector128.Truncate(a.AsDouble()).AsByte();

    [Simd(0x94)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> NearestDouble(Vector128<byte> a) => Vector128.Round(a.AsDouble()).AsByte();

    [Simd(0xec)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> AbsDouble(Vector128<byte> a) => a & Vector128.Create(~long.MinValue).AsByte();

    [Simd(0xed)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> NegDouble(Vector128<byte> a) => a ^ Vector128.Create(long.MinValue).AsByte();

    [Simd(0xef)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> SqrtDouble(Vector128<byte> a) => Vector128.Sqrt(a.AsDouble()).AsByte();

    [Simd(0xf0)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> AddDouble(Vector128<byte> a, Vector128<byte> b) => (a.AsDouble() + b.AsDouble()).AsByte();

    [Simd(0xf1)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> SubDouble(Vector128<byte> a, Vector128<byte> b) => (a.AsDouble() - b.AsDouble()).AsByte();

    [Simd(0xf2)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MulDouble(Vector128<byte> a, Vector128<byte> b) => (a.AsDouble() * b.AsDouble()).AsByte();

    [Simd(0xf3)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> DivDouble(Vector128<byte> a, Vector128<byte> b) => (a.AsDouble() / b.AsDouble()).AsByte();

    [Simd(0xf4)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MinDouble(Vector128<byte> a, Vector128<byte> b) => Smaller(a.AsDouble(), b.AsDouble()).AsByte();

    [Simd(0xf5)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MaxDouble(Vector128<byte> a, Vector128<byte> b) => Larger(a.AsDouble(), b.AsDouble()).AsByte();

    [Simd(0xf6)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> PMinDouble(Vector128<byte> a, Vector128<byte> b) =>
        Vector128.ConditionalSelect(Vector128.LessThan(b.AsDouble(), a.AsDouble()).AsByte(), b, a);

    [Simd(0xf7)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> PMaxDouble(Vector128<byte> a, Vector128<byte> b) =>
        Vector128.ConditionalSelect(Vector128.LessThan(a.AsDouble(), b.AsDouble()).AsByte(), b, a);

    /// <summary>The smaller; where the operands are equal, both signs count; where one is a NaN, their sum, which is a quiet NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Smaller(Vector128<float> a, Vector128<float> b)
    {
        var ordered = Vector128.ConditionalSelect(Vector128.LessThan(a, b), a, Vector128.ConditionalSelect(Vector128.LessThan(b, a), b, a | b));
        return Vector128.ConditionalSelect(Vector128.Equals(a, a) & Vector128.Equals(b, b), ordered, a + b);
    }

    /// <summary>The larger; where the operands are equal, both signs count; where one is a NaN, their sum, which is a quiet NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Larger(Vector128<float> a, Vector128<float> b)
    {
        var ordered = Vector128.ConditionalSelect(Vector128.GreaterThan(a, b), a, Vector128.ConditionalSelect(Vector128.GreaterThan(b, a), b, a & b));
        return Vector128.ConditionalSelect(Vector128.Equals(a, a) & Vector128.Equals(b, b), ordered, a + b);
    }

    /// <summary>The smaller; where the operands are equal, both signs count; where one is a NaN, their sum, which is a quiet NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Smaller(Vector128<double> a, Vector128<double> b)
    {
        var ordered = Vector128.ConditionalSelect(Vector128.LessThan(a, b), a, Vector128.ConditionalSelect(Vector128.LessThan(b, a), b, a | b));
        return Vector128.ConditionalSelect(Vector128.Equals(a, a) & Vector128.Equals(b, b), ordered, a + b);
    }

    /// <summary>The larger; where the operands are equal, both signs count; where one is a NaN, their sum, which is a quiet NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Larger(Vector128<double> a, Vector128<double> b)
    {
        var ordered = Vector128.ConditionalSelect(Vector128.GreaterThan(a, b), a, Vector128.ConditionalSelect(Vector128.GreaterThan(b, a), b, a & b));
        return Vector128.ConditionalSelect(Vector128.Equals(a, a) & Vector128.Equals(b, b), ordered, a + b);
    }
}
