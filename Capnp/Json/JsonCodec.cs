using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Wetware.Capnp.Dynamic;

namespace Wetware.Capnp.Json;

/// <summary>
/// Messages as JSON and back, as the C++ implementation does it: numbers of 64 bits, infinities and NaN are strings, data is an array of
/// numbers, unset pointers are left out. The annotations of json.capnp are honored. Capabilities and AnyPointer have no JSON.
/// </summary>
public static class JsonCodec
{
    /// <summary>How deeply values may nest; that of a message from outside and some groups.</summary>
    internal const int DepthMax = 256;

    /// <summary>Writes a struct.</summary>
    /// <exception cref="DecodeException">The message is malformed.</exception>
    /// <exception cref="SchemaException">The struct holds what has no JSON, or nests too deeply.</exception>
    public static void Encode(DynamicStructReader value, IBufferWriter<byte> output, bool indented = false)
    {
        var options = new JsonWriterOptions
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Indented = indented,
            MaxDepth = DepthMax * 2,
            SkipValidation = true,
        };
        using var writer = new Utf8JsonWriter(output, options);
        new JsonEncoder(writer).Struct(value, JsonAnnotations.DiscriminatorOf(value.Schema.Annotations, null), 0);
        writer.Flush();
    }

    /// <summary>A struct as a string.</summary>
    public static string Encode(DynamicStructReader value, bool indented = false)
    {
        var output = new ArrayBufferWriter<byte>();
        Encode(value, output, indented);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>Reads a struct. Properties that the schema does not know are ignored.</summary>
    /// <param name="utf8">One JSON object.</param>
    /// <param name="target">A new struct, to be filled in.</param>
    /// <exception cref="SchemaException">It is no JSON, or does not fit the schema.</exception>
    public static void Decode(ReadOnlyMemory<byte> utf8, DynamicStructBuilder target)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = DepthMax });
        }
        catch (JsonException error)
        {
            throw new SchemaException(error.Message, error);
        }

        using (document)
        {
            JsonDecoder.Struct(document.RootElement, target, JsonAnnotations.DiscriminatorOf(target.Schema.Annotations, null));
        }
    }

    /// <summary>Reads a struct from a string.</summary>
    public static void Decode(string json, DynamicStructBuilder target) => Decode(Encoding.UTF8.GetBytes(json), target);
}
