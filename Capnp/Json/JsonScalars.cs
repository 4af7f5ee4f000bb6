using System.Globalization;
using System.Text.Json;
using Wetware.Capnp.Dynamic;

namespace Wetware.Capnp.Json;

/// <summary>Reads single values of JSON.</summary>
internal static class JsonScalars
{
    /// <summary>The bits of a number, truth value or enum's value.</summary>
    public static ulong Parse(JsonElement json, TypeSchema type) => type.Kind switch
    {
        TypeKind.Bool => json.ValueKind switch
        {
            JsonValueKind.True => 1,
            JsonValueKind.False => 0,
            _ => throw Unfit(json, type),
        },
        TypeKind.Enum => Enumerant(json, type),
        _ => ScalarText.Parse(NumberText(json, type), type.Kind),
    };

    /// <summary>A string; broken surrogate pairs become U+FFFD.</summary>
    public static string Text(JsonElement json)
    {
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException error)
        {
            throw new SchemaException("a JSON string is no valid Unicode", error);
        }
    }

    /// <summary>Bytes: an array of numbers, or as annotated.</summary>
    public static byte[] Data(JsonElement json, FieldSchema field)
    {
        if (json.ValueKind == JsonValueKind.String)
        {
            try
            {
                return JsonAnnotations.IsHex(field) ? Convert.FromHexString(Text(json)) : Convert.FromBase64String(Text(json));
            }
            catch (FormatException error)
            {
                throw new SchemaException($"'{field.Name}' is neither hexadecimal nor Base64", error);
            }
        }

        if (json.ValueKind != JsonValueKind.Array)
        {
            throw new SchemaException($"'{field.Name}' wants an array of bytes");
        }

        var bytes = new byte[json.GetArrayLength()];
        var i = 0;
        foreach (var element in json.EnumerateArray())
        {
            bytes[i++] = element.ValueKind == JsonValueKind.Number && element.TryGetByte(out var b)
                ? b
                : throw new SchemaException($"'{field.Name}' wants an array of bytes");
        }

        return bytes;
    }

    private static ulong Enumerant(JsonElement json, TypeSchema type)
    {
        if (json.ValueKind == JsonValueKind.Number && json.TryGetUInt16(out var number))
        {
            return number;
        }

        var name = json.ValueKind == JsonValueKind.String ? Text(json) : throw Unfit(json, type);
        for (var i = 0; i < type.Enum.Enumerants.Count; i++)
        {
            if (JsonAnnotations.NameOf(type.Enum.Enumerants[i]) == name)
            {
                return (ulong)i;
            }
        }

        throw new SchemaException($"{type.Enum} has no value '{name}'");
    }

    private static string NumberText(JsonElement json, TypeSchema type) => json.ValueKind switch
    {
        JsonValueKind.Number => json.GetRawText(),
        JsonValueKind.String => Text(json),
        _ => throw Unfit(json, type),
    };

    private static SchemaException Unfit(JsonElement json, TypeSchema type) =>
        new(string.Create(CultureInfo.InvariantCulture, $"a JSON {json.ValueKind} is no {type.Kind}"));
}
