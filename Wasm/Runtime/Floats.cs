using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Wetware.Wasm.Runtime;

/// <summary>
/// Floating-point operations whose IL would not keep to the specification: the JIT may drop an operation that changes nothing but a
/// signalling NaN, and an unsigned conversion in two steps rounds twice.
/// </summary>
internal static class Floats
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Min(float a, float b) =>
        a < b ? a
        : b < a ? b
        : a == b ? BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(a) | BitConverter.SingleToInt32Bits(b))
        : a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(float a, float b) =>
        a > b ? a
        : b > a ? b
        : a == b ? BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(a) & BitConverter.SingleToInt32Bits(b))
        : a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Min(double a, double b) =>
        a < b ? a
        : b < a ? b
        : a == b ? BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(a) | BitConverter.DoubleToInt64Bits(b))
        : a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Max(double a, double b) =>
        a > b ? a
        : b > a ? b
        : a == b ? BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(a) & BitConverter.DoubleToInt64Bits(b))
        : a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Abs(float a) => BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(a) & int.MaxValue);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Abs(double a) => BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(a) & long.MaxValue);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Neg(float a) => BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(a) ^ int.MinValue);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Neg(double a) => BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(a) ^ long.MinValue);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float CopySign(float a, float b) => BitConverter.Int32BitsToSingle(
        (BitConverter.SingleToInt32Bits(a) & int.MaxValue) | (BitConverter.SingleToInt32Bits(b) & int.MinValue));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double CopySign(double a, double b) => BitConverter.Int64BitsToDouble(
        (BitConverter.DoubleToInt64Bits(a) & long.MaxValue) | (BitConverter.DoubleToInt64Bits(b) & long.MinValue));

    /// <summary>f32.demote_f64. A plain cast after a promotion would be folded away, signalling NaN and all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Demote(double a) => Sse2.IsSupported
        ? Sse2.ConvertScalarToVector128Single(Vector128<float>.Zero, Vector128.CreateScalarUnsafe(a)).ToScalar()
        : DemoteOutOfLine(a);

    /// <summary>f64.promote_f32, for the same reason.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Promote(float a) => Sse2.IsSupported
        ? Sse2.ConvertScalarToVector128Double(Vector128<double>.Zero, Vector128.CreateScalarUnsafe(a)).ToScalar()
        : PromoteOutOfLine(a);

    /// <summary>f32.convert_i64_u, rounded once: halving keeps the lowest bit sticky.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ToSingle(ulong a)
    {
        if ((long)a >= 0)
        {
            return (long)a;
        }

        var half = (float)(long)((a >> 1) | (a & 1));
        return half + half;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double ToDouble(ulong a)
    {
        if ((long)a >= 0)
        {
            return (long)a;
        }

        var half = (double)(long)((a >> 1) | (a & 1));
        return half + half;
    }

    /// <summary>The bits of an f32 constant. A number that the JIT can see would let it drop an operation, or turn a signalling NaN quiet.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static float Opaque(int bits) => BitConverter.Int32BitsToSingle(bits);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static double Opaque(long bits) => BitConverter.Int64BitsToDouble(bits);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float DemoteOutOfLine(double a) => (float)a;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double PromoteOutOfLine(float a) => a;
}
