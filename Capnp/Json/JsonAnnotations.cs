using Wetware.Capnp.Dynamic;

namespace Wetware.Capnp.Json;

/// <summary>The annotations of json.capnp, by the ids that it gives them.</summary>
internal static class JsonAnnotations
{
    private const ulong NameId = 0xfa5b1fd61c2e7c3d;
    private const ulong FlattenId = 0x82d3e852af0336bf;
    private const ulong DiscriminatorId = 0xcfa794e8d19a0162;
    private const ulong Base64Id = 0xd7d879450a253e4b;
    private const ulong HexId = 0xf061e22f0ae5c7b5;

    /// <summary>What a field is called in JSON.</summary>
    public static string NameOf(FieldSchema field) => Text(field.Annotations, NameId) ?? field.Name;

    /// <summary>What an enum's value is called in JSON.</summary>
    public static string NameOf(EnumerantSchema enumerant) => Text(enumerant.Annotations, NameId) ?? enumerant.Name;

    /// <summary>Whether the members of a field go right into the object that has the field, and with what before their names.</summary>
    public static bool IsFlattened(FieldSchema field, out string prefix)
    {
        prefix = "";
        if (field.Type.Kind != TypeKind.Struct || AnnotationSchema.Find(field.Annotations, FlattenId) is not { } options)
        {
            return false;
        }

        prefix = options.Struct.GetStruct().GetPointer(0).GetText();
        return true;
    }

    /// <summary>The discriminator of a struct's unnamed union, or of the union that a group is.</summary>
    public static JsonDiscriminator? DiscriminatorOf(IReadOnlyList<AnnotationSchema> annotations, string? unionName)
    {
        if (AnnotationSchema.Find(annotations, DiscriminatorId) is not { } options)
        {
            return null;
        }

        var raw = options.Struct.GetStruct();
        var name = raw.HasPointer(0) ? raw.GetPointer(0).GetText() : unionName;
        return name is null ? null : new JsonDiscriminator(name, raw.HasPointer(1) ? raw.GetPointer(1).GetText().ToString() : null);
    }

    /// <summary>Whether data goes as Base64.</summary>
    public static bool IsBase64(FieldSchema field) => AnnotationSchema.Find(field.Annotations, Base64Id) is not null;

    /// <summary>Whether data goes as hexadecimal digits.</summary>
    public static bool IsHex(FieldSchema field) => AnnotationSchema.Find(field.Annotations, HexId) is not null;

    private static string? Text(IReadOnlyList<AnnotationSchema> annotations, ulong id) =>
        AnnotationSchema.Find(annotations, id) is { } value ? value.Text.ToString() : null;
}
