using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Wetware.Wasm.Runtime.Simd;

/// <summary>What vector loads do with the number they have loaded. Not instructions: the compiler names them.</summary>
internal static class SimdLoad
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Extend8S(long a) => Vector128.WidenLower(Vector128.CreateScalarUnsafe(a).AsSByte()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Extend8U(long a) => Vector128.WidenLower(Vector128.CreateScalarUnsafe(a).AsByte()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Extend16S(long a) => Vector128.WidenLower(Vector128.CreateScalarUnsafe(a).AsInt16()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Extend16U(long a) => Vector128.WidenLower(Vector128.CreateScalarUnsafe(a).AsUInt16()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Extend32S(long a) => Vector128.WidenLower(Vector128.CreateScalarUnsafe(a).AsInt32()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Extend32U(long a) => Vector128.WidenLower(Vector128.CreateScalarUnsafe(a).AsUInt32()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Zero32(int a) => Vector128.CreateScalar(a).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Zero64(long a) => Vector128.CreateScalar(a).AsByte();
}
