using System.Reflection;
using Wetware.Wasm.Runtime;

namespace Wetware.Wasm.Compile;

/// <summary>The methods that emitted code calls, found once.</summary>
internal static class Methods
{
    public static readonly MethodInfo VectorConstant = Of(typeof(Runtime.Simd.SimdBits), nameof(Runtime.Simd.SimdBits.Constant));
    public static readonly MethodInfo Shuffle = Of(typeof(Runtime.Simd.SimdLanes), nameof(Runtime.Simd.SimdLanes.Shuffle));
    public static readonly MethodInfo OpaqueSingle = Of(typeof(Floats), nameof(Floats.Opaque), typeof(int));
    public static readonly MethodInfo OpaqueDouble = Of(typeof(Floats), nameof(Floats.Opaque), typeof(long));
    public static readonly MethodInfo Stopped = Of(typeof(Trap), nameof(Trap.Stopped));
    public static readonly MethodInfo Unreachable = Of(typeof(Trap), nameof(Trap.Unreachable));
    public static readonly MethodInfo Burn = Of(typeof(Arithmetic), nameof(Arithmetic.Burn));
    public static readonly MethodInfo Callee = Of(typeof(Arithmetic), nameof(Arithmetic.Callee));
    public static readonly MethodInfo LongCallee = Of(typeof(Arithmetic), nameof(Arithmetic.LongCallee));
    public static readonly MethodInfo Function = Of(typeof(BulkTable), nameof(BulkTable.Function));
    public static readonly MethodInfo MemorySize = Of(typeof(BulkMemory), nameof(BulkMemory.Size));
    public static readonly MethodInfo MemoryGrow = Of(typeof(BulkMemory), nameof(BulkMemory.Grow));

    private static readonly MethodInfo SelectI32 = Of(typeof(Arithmetic), nameof(Arithmetic.Select), typeof(int), typeof(int), typeof(int));
    private static readonly MethodInfo SelectI64 = Of(typeof(Arithmetic), nameof(Arithmetic.Select), typeof(long), typeof(long), typeof(int));
    private static readonly MethodInfo[] IfZero =
    [
        Of(typeof(Arithmetic), nameof(Arithmetic.SelectIfZero), typeof(int), typeof(int), typeof(int)),
        Of(typeof(Arithmetic), nameof(Arithmetic.SelectIfZero), typeof(int), typeof(int), typeof(long)),
        Of(typeof(Arithmetic), nameof(Arithmetic.SelectIfZero), typeof(long), typeof(long), typeof(int)),
        Of(typeof(Arithmetic), nameof(Arithmetic.SelectIfZero), typeof(long), typeof(long), typeof(long)),
    ];

    private static readonly MethodInfo SelectAny = Of(typeof(Arithmetic), nameof(Arithmetic.SelectAny));

    private const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    public static MethodInfo Of(Type home, string name) => home.GetMethod(name, Static)!;

    public static MethodInfo Of(Type home, string name, params Type[] parameters) => home.GetMethod(name, Static, parameters)!;

    /// <summary>A select of integers by whether an integer is zero.</summary>
    public static MethodInfo SelectIfZero(ValType type, bool isWide) => IfZero[(type == ValType.I64 ? 2 : 0) + (isWide ? 1 : 0)];

    public static MethodInfo Select(ValType type) => type switch
    {
        ValType.I32 => SelectI32,
        ValType.I64 => SelectI64,
        _ => SelectAny.MakeGenericMethod(Results.IlType(type)),
    };
}
