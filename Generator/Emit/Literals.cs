using System.Globalization;
using System.Text;
using Wetware.Generator.Model;

namespace Wetware.Generator.Emit;

/// <summary>Spells values in C#.</summary>
internal static class Literals
{
    /// <summary>A scalar other than an enum.</summary>
    public static string Scalar(SchemaValue value) => value.Kind switch
    {
        TypeKind.Bool => value.Bits != 0 ? "true" : "false",
        TypeKind.Int8 => ((sbyte)value.Bits).ToString(CultureInfo.InvariantCulture),
        TypeKind.Int16 => ((short)value.Bits).ToString(CultureInfo.InvariantCulture),
        TypeKind.Int32 => ((int)value.Bits).ToString(CultureInfo.InvariantCulture),
        TypeKind.Int64 => ((long)value.Bits).ToString(CultureInfo.InvariantCulture) + "L",
        TypeKind.UInt8 or TypeKind.UInt16 or TypeKind.Enum => value.Bits.ToString(CultureInfo.InvariantCulture),
        TypeKind.UInt32 => value.Bits.ToString(CultureInfo.InvariantCulture) + "u",
        TypeKind.UInt64 => value.Bits.ToString(CultureInfo.InvariantCulture) + "UL",
        TypeKind.Float32 => Float(BitConverter.UInt32BitsToSingle((uint)value.Bits)),
        TypeKind.Float64 => Double(BitConverter.UInt64BitsToDouble(value.Bits)),
        _ => throw new InvalidOperationException($"{value.Kind} is no scalar"),
    };

    /// <summary>A scalar down to its last bit: a literal NaN would lose which one it is.</summary>
    public static string ExactScalar(SchemaValue value) => value.Kind switch
    {
        TypeKind.Float32 when float.IsNaN(BitConverter.UInt32BitsToSingle((uint)value.Bits)) =>
            $"global::System.BitConverter.UInt32BitsToSingle(0x{value.Bits:x8}u)",
        TypeKind.Float64 when double.IsNaN(BitConverter.UInt64BitsToDouble(value.Bits)) =>
            $"global::System.BitConverter.UInt64BitsToDouble(0x{value.Bits:x16}UL)",
        _ => Scalar(value),
    };

    /// <summary>UTF-8 text as a C# string.</summary>
    public static string Text(ReadOnlySpan<byte> utf8) => Text(Encoding.UTF8.GetString(utf8));

    /// <summary>Text as a C# string.</summary>
    public static string Text(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var c in value)
        {
            text.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                _ when c < ' ' || c > '~' => $"\\u{(int)c:x4}",
                _ => c.ToString(),
            });
        }

        return text.Append('"').ToString();
    }

    /// <summary>Bytes as the elements of a collection expression.</summary>
    public static string Bytes(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length * 5);
        foreach (var b in bytes)
        {
            text.Append(text.Length == 0 ? "" : ", ").Append(b.ToString(CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }

    private static string Float(float value) =>
        float.IsNaN(value) ? "float.NaN"
        : float.IsPositiveInfinity(value) ? "float.PositiveInfinity"
        : float.IsNegativeInfinity(value) ? "float.NegativeInfinity"
        : value.ToString("R", CultureInfo.InvariantCulture) + "F";

    private static string Double(double value) =>
        double.IsNaN(value) ? "double.NaN"
        : double.IsPositiveInfinity(value) ? "double.PositiveInfinity"
        : double.IsNegativeInfinity(value) ? "double.NegativeInfinity"
        : value.ToString("R", CultureInfo.InvariantCulture) + "D";
}
