using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Wetware.Wasm.Runtime.Simd;

/// <summary>Vector instructions that make, take and move lanes.</summary>
internal static class SimdLanes
{
    /// <summary>i8x16.shuffle. The two masks choose from each operand; an index of 16 or more gives zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Shuffle(Vector128<byte> a, Vector128<byte> b, long low, long high, long lowOfSecond, long highOfSecond) =>
        Vector128.Shuffle(a, Vector128.Create(low, high).AsByte()) | Vector128.Shuffle(b, Vector128.Create(lowOfSecond, highOfSecond).AsByte());

    [Simd(0x0e)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Swizzle(Vector128<byte> a, Vector128<byte> indices) => Vector128.Shuffle(a, indices);

    [Simd(0x0f)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Splat8(int a) => Vector128.Create((byte)a);

    [Simd(0x10)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Splat16(int a) => Vector128.Create((short)a).AsByte();

    [Simd(0x11)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Splat32(int a) => Vector128.Create(a).AsByte();

    [Simd(0x12)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Splat64(long a) => Vector128.Create(a).AsByte();

    [Simd(0x13)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> SplatSingle(float a) => Vector128.Create(a).AsByte();

    [Simd(0x14)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> SplatDouble(double a) => Vector128.Create(a).AsByte();

    [Simd(0x15, lanes: 16)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Extract8S(Vector128<byte> a, int lane) => a.AsSByte().GetElement(lane);

    [Simd(0x16, lanes: 16)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Extract8U(Vector128<byte> a, int lane) => a.GetElement(lane);

    [Simd(0x17, lanes: 16)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Replace8(Vector128<byte> a, int b, int lane) => a.WithElement(lane, (byte)b);

    [Simd(0x18, lanes: 8)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Extract16S(Vector128<byte> a, int lane) => a.AsInt16().GetElement(lane);

    [Simd(0x19, lanes: 8)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Extract16U(Vector128<byte> a, int lane) => a.AsUInt16().GetElement(lane);

    [Simd(0x1a, lanes: 8)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Replace16(Vector128<byte> a, int b, int lane) => a.AsInt16().WithElement(lane, (short)b).AsByte();

    [Simd(0x1b, lanes: 4)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Extract32(Vector128<byte> a, int lane) => a.AsInt32().GetElement(lane);

    [Simd(0x1c, lanes: 4)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Replace32(Vector128<byte> a, int b, int lane) => a.AsInt32().WithElement(lane, b).AsByte();

    [Simd(0x1d, lanes: 2)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Extract64(Vector128<byte> a, int lane) => a.AsInt64().GetElement(lane);

    [Simd(0x1e, lanes: 2)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Replace64(Vector128<byte> a, long b, int lane) => a.AsInt64().WithElement(lane, b).AsByte();

    [Simd(0x1f, lanes: 4)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ExtractSingle(Vector128<byte> a, int lane) => a.AsSingle().GetElement(lane);

    [Simd(0x20, lanes: 4)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ReplaceSingle(Vector128<byte> a, float b, int lane) => a.AsSingle().WithElement(lane, b).AsByte();

    [Simd(0x21, lanes: 2)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double ExtractDouble(Vector128<byte> a, int lane) => a.AsDouble().GetElement(lane);

    [Simd(0x22, lanes: 2)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ReplaceDouble(Vector128<byte> a, double b, int lane) => a.AsDouble().WithElement(lane, b).AsByte();
}
