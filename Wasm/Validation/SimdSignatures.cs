using System.Reflection;
using System.Runtime.Intrinsics;
using Wetware.Wasm.Binary;
using Wetware.Wasm.Runtime.Simd;

namespace Wetware.Wasm.Validation;

/// <summary>
/// The vector instructions that are a method each, by opcode. The method's own signature is the instruction's type, so validator and
/// compiler cannot disagree about it; an int parameter named "lane" is an immediate.
/// </summary>
internal static class SimdSignatures
{
    private const int Codes = 256;

    private static readonly Type[] Homes =
    [
        typeof(SimdBits), typeof(SimdLanes), typeof(SimdCompare), typeof(SimdInt8), typeof(SimdInt16), typeof(SimdInt32), typeof(SimdInt64),
        typeof(SimdFloat), typeof(SimdConvert), typeof(SimdLoad),
    ];

    private static readonly Lazy<SimdInstruction?[]> Table = new(Build);

    public static bool IsKnown(int opcode) => Table.Value[opcode & (Codes - 1)] is not null;

    public static SimdInstruction Of(int opcode) => Table.Value[opcode & (Codes - 1)]!;

    private static SimdInstruction?[] Build()
    {
        var table = new SimdInstruction?[Codes];
        foreach (var home in Homes)
        {
            foreach (var method in home.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
            {
                if (method.GetCustomAttribute<SimdAttribute>() is { } simd)
                {
                    Core.Invariant.Check(table[simd.Code] is null);
                    table[simd.Code] = Describe(method, simd);
                }
            }
        }

        return table;
    }

    private static SimdInstruction Describe(MethodInfo method, SimdAttribute simd)
    {
        var parameters = method.GetParameters();
        var lanes = parameters.Any(static parameter => parameter.Name == "lane") ? simd.Lanes : 0;
        var types = parameters.Where(static parameter => parameter.Name != "lane").Select(static parameter => Of(parameter.ParameterType));
        return new SimdInstruction(method, [.. types], Of(method.ReturnType), lanes);
    }

    private static ValType Of(Type type) =>
        type == typeof(int) || type == typeof(uint) ? ValType.I32
        : type == typeof(long) || type == typeof(ulong) ? ValType.I64
        : type == typeof(float) ? ValType.F32
        : type == typeof(double) ? ValType.F64
        : type == typeof(Vector128<byte>) ? ValType.V128
        : throw new InvalidOperationException($"{type} is no WebAssembly type");
}
