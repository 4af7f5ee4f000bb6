using System.Globalization;

namespace Wetware.Capnp.Dynamic;

/// <summary>Numbers written in digits, as JSON and the text format have them.</summary>
internal static class ScalarText
{
    /// <summary>The bits of a number.</summary>
    /// <exception cref="SchemaException">It is no number, or out of the type's range.</exception>
    public static ulong Parse(string text, TypeKind kind) => kind switch
    {
        TypeKind.Int8 => (byte)Signed(text, sbyte.MinValue, sbyte.MaxValue),
        TypeKind.Int16 => (ushort)Signed(text, short.MinValue, short.MaxValue),
        TypeKind.Int32 => (uint)Signed(text, int.MinValue, int.MaxValue),
        TypeKind.Int64 => (ulong)Signed(text, long.MinValue, long.MaxValue),
        TypeKind.UInt8 => Unsigned(text, byte.MaxValue),
        TypeKind.UInt16 => Unsigned(text, ushort.MaxValue),
        TypeKind.UInt32 => Unsigned(text, uint.MaxValue),
        TypeKind.UInt64 => Unsigned(text, ulong.MaxValue),
        TypeKind.Float32 => BitConverter.SingleToUInt32Bits(Single(text)),
        TypeKind.Float64 => BitConverter.DoubleToUInt64Bits(Float(text)),
        _ => throw new SchemaException($"{kind} is no number"),
    };

    private static long Signed(string text, long min, long max)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
        {
            return value;
        }

        // 1e3 and 1.0 are whole numbers too.
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
            && Math.Floor(real) == real && real >= min && real <= max && Math.Abs(real) < 9e18)
        {
            return (long)real;
        }

        throw new SchemaException($"'{text}' is no number of the type's range");
    }

    private static ulong Unsigned(string text, ulong max)
    {
        if (ulong.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value <= max)
        {
            return value;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
            && Math.Floor(real) == real && real >= 0 && real <= max && real < 1.8e19)
        {
            return (ulong)real;
        }

        throw new SchemaException($"'{text}' is no number of the type's range");
    }

    // Parsed as what it is: by way of a double it would be rounded twice.
    private static float Single(string text) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && float.IsFinite(value)
            ? value
            : (float)Float(text);

    private static double Float(string text) => text switch
    {
        "inf" or "Infinity" => double.PositiveInfinity,
        "-inf" or "-Infinity" => double.NegativeInfinity,
        // The quiet NaN without a sign, as C++ has it; .NET's has one.
        "nan" or "NaN" => BitConverter.UInt64BitsToDouble(0x7FF8_0000_0000_0000UL),
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) => value,
        _ => throw new SchemaException($"'{text}' is no number"),
    };
}
