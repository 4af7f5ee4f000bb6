using System.Globalization;
using System.Text;
using Wetware.Capnp.Dynamic;

namespace Wetware.Capnp.Text;

/// <summary>Prints values in the schema language's notation.</summary>
internal static class TextPrinter
{
    public static void Struct(StringBuilder output, DynamicStructReader value, int depth)
    {
        if (depth > TextCodec.DepthMax)
        {
            throw new SchemaException("the message is nested too deeply for text");
        }

        var which = value.Which;
        output.Append('(');
        var separator = "";
        foreach (var field in value.Schema.Fields)
        {
            // The union's first member need not be told, unless it holds something.
            var isShown = field.Discriminant is null
                ? value.Has(field)
                : ReferenceEquals(which, field) && (field.Discriminant != 0 || value.Has(field));
            if (isShown)
            {
                output.Append(separator).Append(field.Name).Append(" = ");
                separator = ", ";
                Value(output, value.Get(field), depth + 1);
            }
        }

        output.Append(')');
    }

    private static void Value(StringBuilder output, DynamicValue value, int depth)
    {
        switch (value.Type.Kind)
        {
            case TypeKind.Void:
                output.Append("void");
                break;
            case TypeKind.Bool:
                output.Append(value.AsBool ? "true" : "false");
                break;
            case TypeKind.Int8 or TypeKind.Int16 or TypeKind.Int32 or TypeKind.Int64:
                output.Append(CultureInfo.InvariantCulture, $"{value.AsInt64}");
                break;
            case TypeKind.UInt8 or TypeKind.UInt16 or TypeKind.UInt32 or TypeKind.UInt64:
                output.Append(CultureInfo.InvariantCulture, $"{value.Bits}");
                break;
            case TypeKind.Float32:
                Number(output, BitConverter.UInt32BitsToSingle((uint)value.Bits).ToString("R", CultureInfo.InvariantCulture));
                break;
            case TypeKind.Float64:
                Number(output, value.AsFloat64.ToString("R", CultureInfo.InvariantCulture));
                break;
            case TypeKind.Text:
                Quoted(output, value.AsText.Utf8);
                break;
            case TypeKind.Data:
                Quoted(output, value.AsData.Span);
                break;
            case TypeKind.Enum:
                output.Append(value.AsEnumerant ?? string.Create(CultureInfo.InvariantCulture, $"({value.Bits})"));
                break;
            case TypeKind.List:
                List(output, value.AsList, depth);
                break;
            case TypeKind.Struct:
                Struct(output, value.AsStruct, depth);
                break;
            case TypeKind.Interface:
                output.Append("<external capability>");
                break;
            default:
                output.Append("<opaque pointer>");
                break;
        }
    }

    private static void List(StringBuilder output, DynamicListReader list, int depth)
    {
        if (depth > TextCodec.DepthMax)
        {
            throw new SchemaException("the message is nested too deeply for text");
        }

        output.Append('[');
        var separator = "";
        foreach (var element in list)
        {
            output.Append(separator);
            separator = ", ";
            Value(output, element, depth + 1);
        }

        output.Append(']');
    }

    private static void Number(StringBuilder output, string digits) => output.Append(digits switch
    {
        "Infinity" => "inf",
        "-Infinity" => "-inf",
        "NaN" => "nan",
        _ => digits.Replace("E+", "e", StringComparison.Ordinal).Replace('E', 'e'),
    });

    private static void Quoted(StringBuilder output, ReadOnlySpan<byte> bytes)
    {
        output.Append('"');
        while (!bytes.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(bytes, out var rune, out var length);
            if (status == System.Buffers.OperationStatus.Done && rune.Value >= ' ' && rune.Value != 127)
            {
                output.Append(rune.Value is '"' or '\\' ? "\\" : "").Append(rune.ToString());
            }
            else
            {
                Escaped(output, bytes[..length]);
            }

            bytes = bytes[length..];
        }

        output.Append('"');
    }

    private static void Escaped(StringBuilder output, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            _ = b switch
            {
                (byte)'\n' => output.Append("\\n"),
                (byte)'\r' => output.Append("\\r"),
                (byte)'\t' => output.Append("\\t"),
                _ => output.Append("\\x").Append(b.ToString("x2", CultureInfo.InvariantCulture)),
            };
        }
    }
}
