using System.Runtime.CompilerServices;

namespace Wetware.Wasm.Runtime;

/// <summary>Conversions of floats to integers: those that trap, and those that saturate. The bounds are the nearest floats outside the range.</summary>
internal static class Truncation
{
    private const double BelowI32 = -2147483649.0;
    private const double AboveI32 = 2147483648.0;
    private const double AboveU32 = 4294967296.0;
    private const double LowestI64 = -9223372036854775808.0;
    private const double AboveI64 = 9223372036854775808.0;
    private const double AboveU64 = 18446744073709551616.0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int I32S(double a, InstanceContext context, int function, int offset)
    {
        if (!(a > BelowI32 && a < AboveI32))
        {
            Refuse(a, context, function, offset);
        }

        return (int)a;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint I32U(double a, InstanceContext context, int function, int offset)
    {
        if (!(a > -1.0 && a < AboveU32))
        {
            Refuse(a, context, function, offset);
        }

        return (uint)(long)a;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long I64S(double a, InstanceContext context, int function, int offset)
    {
        if (!(a >= LowestI64 && a < AboveI64))
        {
            Refuse(a, context, function, offset);
        }

        return (long)a;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong I64U(double a, InstanceContext context, int function, int offset)
    {
        if (!(a > -1.0 && a < AboveU64))
        {
            Refuse(a, context, function, offset);
        }

        return a < AboveI64 ? (ulong)(long)a : (ulong)(long)(a - AboveI64) ^ 0x8000000000000000;
    }

    public static int SatI32S(double a) => a > BelowI32 && a < AboveI32 ? (int)a : double.IsNaN(a) ? 0 : a < 0 ? int.MinValue : int.MaxValue;

    public static uint SatI32U(double a) => a > -1.0 && a < AboveU32 ? (uint)(long)a : a > 0 ? uint.MaxValue : 0;

    public static long SatI64S(double a) => a >= LowestI64 && a < AboveI64 ? (long)a : double.IsNaN(a) ? 0 : a < 0 ? long.MinValue : long.MaxValue;

    public static ulong SatI64U(double a) =>
        a > -1.0 && a < AboveU64
            ? a < AboveI64 ? (ulong)(long)a : (ulong)(long)(a - AboveI64) ^ 0x8000000000000000
            : a > 0 ? ulong.MaxValue : 0;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Refuse(double a, InstanceContext context, int function, int offset) =>
        Trap.Throw(double.IsNaN(a) ? TrapKind.InvalidConversionToInteger : TrapKind.IntegerOverflow, context, function, offset);
}
