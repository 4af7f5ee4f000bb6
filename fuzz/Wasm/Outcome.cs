using System.Globalization;
using Wetware.Wasm;

namespace Wetware.Fuzz.Wasm;

/// <summary>How a call ended, in words that both engines use: the bits of the result, "nan", or "trap".</summary>
internal static class Outcome
{
    public static string Of(Instance instance, string function, Value[] arguments)
    {
        try
        {
            var value = instance.Call(function, arguments)[0];
            return value.Type switch
            {
                ValType.I32 => value.AsI32().ToString(CultureInfo.InvariantCulture),
                ValType.I64 => value.AsI64().ToString(CultureInfo.InvariantCulture),
                ValType.F32 => float.IsNaN(value.AsF32()) ? "nan" : BitConverter.SingleToInt32Bits(value.AsF32()).ToString(CultureInfo.InvariantCulture),
                _ => double.IsNaN(value.AsF64()) ? "nan" : BitConverter.DoubleToInt64Bits(value.AsF64()).ToString(CultureInfo.InvariantCulture),
            };
        }
        catch (TrapException)
        {
            return "trap";
        }
    }

    /// <summary>The same sum over a memory as <see cref="NodeEngine"/> computes.</summary>
    public static string Sum(Memory memory)
    {
        uint sum = 0;
        foreach (var part in memory.Span(0, (int)memory.Length))
        {
            sum = (sum * 31) + part;
        }

        return sum.ToString(CultureInfo.InvariantCulture);
    }
}
