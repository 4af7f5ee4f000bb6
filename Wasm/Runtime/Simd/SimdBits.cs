using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Wetware.Wasm.Runtime.Simd;

/// <summary>Vector instructions that do not care about lanes.</summary>
internal static class SimdBits
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Constant(long low, long high) => Vector128.Create(low, high).AsByte();

    [Simd(0x4d)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Not(Vector128<byte> a) => ~a;

    [Simd(0x4e)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> And(Vector128<byte> a, Vector128<byte> b) => a & b;

    [Simd(0x4f)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> AndNot(Vector128<byte> a, Vector128<byte> b) => Vector128.AndNot(a, b);

    [Simd(0x50)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Or(Vector128<byte> a, Vector128<byte> b) => a | b;

    [Simd(0x51)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Xor(Vector128<byte> a, Vector128<byte> b) => a ^ b;

    [Simd(0x52)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Select(Vector128<byte> a, Vector128<byte> b, Vector128<byte> mask) => Vector128.ConditionalSelect(mask, a, b);

    [Simd(0x53)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int AnyTrue(Vector128<byte> a) => a != Vector128<byte>.Zero ? 1 : 0;

    [Simd(0x62)]
    public static Vector128<byte> PopCount(Vector128<byte> a)
    {
        // Counts pairs, then nibbles, then bytes, in all lanes at once (Warren, "Hacker's Delight", 5-1).
        a -= Vector128.ShiftRightLogical(a, 1) & Vector128.Create((byte)0x55);
        a = (a & Vector128.Create((byte)0x33)) + (Vector128.ShiftRightLogical(a, 2) & Vector128.Create((byte)0x33));
        return (a + Vector128.ShiftRightLogical(a, 4)) & Vector128.Create((byte)0x0f);
    }
}
