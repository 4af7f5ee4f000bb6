using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Wetware.Capnp.Dynamic;

namespace Wetware.Capnp.Json;

/// <summary>Writes values as JSON.</summary>
internal sealed class JsonEncoder(Utf8JsonWriter writer)
{
    private readonly ArrayBufferWriter<byte> _text = new();

    public void Struct(DynamicStructReader value, JsonDiscriminator? discriminator, int depth)
    {
        writer.WriteStartObject();
        Members(value, discriminator, "", depth + 1);
        writer.WriteEndObject();
    }

    private void Members(DynamicStructReader value, JsonDiscriminator? discriminator, string prefix, int depth)
    {
        if (depth > JsonCodec.DepthMax)
        {
            throw new SchemaException("the message is nested too deeply for JSON");
        }

        foreach (var field in value.Schema.Fields)
        {
            if (field.Discriminant is null && value.Has(field))
            {
                Member(value, field, prefix, JsonAnnotations.NameOf(field), depth);
            }
        }

        if (value.Which is { } member)
        {
            UnionMember(value, member, discriminator, prefix, depth);
        }
    }

    private void UnionMember(DynamicStructReader value, FieldSchema member, JsonDiscriminator? discriminator, string prefix, int depth)
    {
        var name = JsonAnnotations.NameOf(member);
        if (discriminator is not null)
        {
            writer.WriteString(prefix + discriminator.TagName, name);
            if (member.Type.Kind == TypeKind.Void)
            {
                return;
            }

            name = discriminator.ValueName ?? name;
        }

        // The member is told even where its pointer is null, since otherwise another would seem to be set.
        Member(value, member, prefix, name, depth);
    }

    private void Member(DynamicStructReader value, FieldSchema field, string prefix, string name, int depth)
    {
        if (JsonAnnotations.IsFlattened(field, out var inner))
        {
            var flattened = value.Get(field).AsStruct;
            Members(flattened, DiscriminatorOf(field, flattened.Schema), prefix + inner, depth + 1);
            return;
        }

        writer.WritePropertyName(prefix + name);
        Value(value.Get(field), field, depth);
    }

    private void Value(DynamicValue value, FieldSchema? field, int depth)
    {
        switch (value.Type.Kind)
        {
            case TypeKind.Void:
                writer.WriteNullValue();
                break;
            case TypeKind.Bool:
                writer.WriteBooleanValue(value.AsBool);
                break;
            case TypeKind.Int8 or TypeKind.Int16 or TypeKind.Int32:
                writer.WriteNumberValue(value.AsInt64);
                break;
            case TypeKind.UInt8 or TypeKind.UInt16 or TypeKind.UInt32:
                writer.WriteNumberValue(value.Bits);
                break;
            case TypeKind.Int64:
                writer.WriteStringValue(value.AsInt64.ToString(CultureInfo.InvariantCulture));
                break;
            case TypeKind.UInt64:
                writer.WriteStringValue(value.Bits.ToString(CultureInfo.InvariantCulture));
                break;
            case TypeKind.Float32 or TypeKind.Float64:
                Number(value.AsFloat64);
                break;
            case TypeKind.Text:
                Text(value.AsText);
                break;
            case TypeKind.Data:
                Data(value.AsData, field);
                break;
            case TypeKind.Enum:
                Enumerant(value);
                break;
            case TypeKind.List:
                List(value.AsList, field, depth + 1);
                break;
            case TypeKind.Struct:
                var inner = value.AsStruct;
                var discriminator = field is null
                    ? JsonAnnotations.DiscriminatorOf(inner.Schema.Annotations, null)
                    : DiscriminatorOf(field, inner.Schema);
                Struct(inner, discriminator, depth);
                break;
            default:
                throw new SchemaException($"a value of type {value.Type.Kind} has no JSON");
        }
    }

    private static JsonDiscriminator? DiscriminatorOf(FieldSchema field, StructSchema schema) =>
        (field.IsGroup ? JsonAnnotations.DiscriminatorOf(field.Annotations, JsonAnnotations.NameOf(field)) : null)
        ?? JsonAnnotations.DiscriminatorOf(schema.Annotations, null);

    private void List(DynamicListReader list, FieldSchema? field, int depth)
    {
        if (depth > JsonCodec.DepthMax)
        {
            throw new SchemaException("the message is nested too deeply for JSON");
        }

        writer.WriteStartArray();
        foreach (var element in list)
        {
            Value(element, element.Type.Kind == TypeKind.Struct ? null : field, depth);
        }

        writer.WriteEndArray();
    }

    private void Number(double value)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
        }
    }

    // Characters beyond U+FFFF are written as they are: the base library would escape them as surrogates, which older C++ readers do not
    // join.
    private void Text(TextReader text)
    {
        _text.ResetWrittenCount();
        JsonText.Write(_text, Utf8.IsValid(text.Utf8) ? text.Utf8 : Encoding.UTF8.GetBytes(text.ToString()));
        writer.WriteRawValue(_text.WrittenSpan, skipInputValidation: true);
    }

    private void Data(DataReader data, FieldSchema? field)
    {
        if (field is not null && JsonAnnotations.IsBase64(field))
        {
            writer.WriteBase64StringValue(data.Span);
        }
        else if (field is not null && JsonAnnotations.IsHex(field))
        {
            writer.WriteStringValue(Convert.ToHexStringLower(data.Span));
        }
        else
        {
            writer.WriteStartArray();
            foreach (var b in data.Span)
            {
                writer.WriteNumberValue(b);
            }

            writer.WriteEndArray();
        }
    }

    private void Enumerant(DynamicValue value)
    {
        if (value.Bits < (ulong)value.Type.Enum.Enumerants.Count)
        {
            writer.WriteStringValue(JsonAnnotations.NameOf(value.Type.Enum.Enumerants[(int)value.Bits]));
        }
        else
        {
            // A number that this schema does not know yet survives as itself.
            writer.WriteNumberValue(value.Bits);
        }
    }
}
