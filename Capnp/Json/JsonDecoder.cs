using System.Text.Json;
using Wetware.Capnp.Dynamic;

namespace Wetware.Capnp.Json;

/// <summary>Fills structs from JSON.</summary>
internal static class JsonDecoder
{
    public static void Struct(JsonElement json, DynamicStructBuilder target, JsonDiscriminator? discriminator)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new SchemaException($"{target.Schema} wants a JSON object");
        }

        var properties = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var property in json.EnumerateObject())
        {
            properties[property.Name] = property.Value;
        }

        Members(properties, target, discriminator, "", 0);
    }

    private static void Members(
        Dictionary<string, JsonElement> properties, DynamicStructBuilder target, JsonDiscriminator? discriminator, string prefix, int depth)
    {
        if (depth > JsonCodec.DepthMax)
        {
            throw new SchemaException("the schema flattens a struct into itself");
        }

        if (discriminator is not null && properties.TryGetValue(prefix + discriminator.TagName, out var tag))
        {
            Tagged(properties, target, discriminator, prefix, tag, depth);
        }

        foreach (var field in target.Schema.Fields)
        {
            if (field.Discriminant is null || discriminator is null)
            {
                Member(properties, target, field, prefix, JsonAnnotations.NameOf(field), depth);
            }
        }
    }

    private static void Tagged(
        Dictionary<string, JsonElement> properties,
        DynamicStructBuilder target,
        JsonDiscriminator discriminator,
        string prefix,
        JsonElement tag,
        int depth)
    {
        var name = tag.ValueKind == JsonValueKind.String ? tag.GetString() : null;
        foreach (var field in target.Schema.Fields)
        {
            if (field.Discriminant is { } number && JsonAnnotations.NameOf(field) == name)
            {
                target.Raw.SetUInt16(target.Schema.DiscriminantOffset, number);
                if (field.Type.Kind != TypeKind.Void)
                {
                    Member(properties, target, field, prefix, discriminator.ValueName ?? name, depth);
                }
            }
        }
    }

    private static void Member(
        Dictionary<string, JsonElement> properties, DynamicStructBuilder target, FieldSchema field, string prefix, string name, int depth)
    {
        if (JsonAnnotations.IsFlattened(field, out var inner))
        {
            // A union's member that is flattened can only be told by a discriminator.
            if (field.Discriminant is null || target.AsReader().Which == field)
            {
                var flattened = target.InitStruct(field);
                Members(properties, flattened, DiscriminatorOf(field, flattened.Schema), prefix + inner, depth + 1);
            }
        }
        else if (properties.TryGetValue(prefix + name, out var json))
        {
            Set(json, target, field);
        }
    }

    private static void Set(JsonElement json, DynamicStructBuilder target, FieldSchema field)
    {
        var type = target.TypeOf(field);
        if (json.ValueKind == JsonValueKind.Null)
        {
            // Null says that the member is set but holds nothing.
            if (field.Discriminant is { } tag)
            {
                target.Raw.SetUInt16(target.Schema.DiscriminantOffset, tag);
            }

            return;
        }

        switch (type.Kind)
        {
            case TypeKind.Struct:
                var inner = target.InitStruct(field);
                Struct(json, inner, DiscriminatorOf(field, inner.Schema));
                break;
            case TypeKind.Void:
                throw new SchemaException($"'{field.Name}' wants null");
            default:
                if (type.IsPointer)
                {
                    Pointer(json, type, target.GetPointer(field), field);
                }
                else
                {
                    target.SetBits(field, JsonScalars.Parse(json, type));
                }

                break;
        }
    }

    private static void Pointer(JsonElement json, TypeSchema type, PointerBuilder target, FieldSchema field)
    {
        switch (type.Kind)
        {
            case TypeKind.Text when json.ValueKind == JsonValueKind.String:
                target.SetText(JsonScalars.Text(json));
                break;
            case TypeKind.Data:
                target.SetData(JsonScalars.Data(json, field));
                break;
            case TypeKind.List when json.ValueKind == JsonValueKind.Array:
                List(json, DynamicListBuilder.Init(type.Element!, target, json.GetArrayLength()), field);
                break;
            default:
                throw new SchemaException($"'{field.Name}' of type {type.Kind} cannot be a JSON {json.ValueKind}");
        }
    }

    private static void List(JsonElement json, DynamicListBuilder target, FieldSchema field)
    {
        var i = 0;
        foreach (var element in json.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Null)
            {
                switch (target.Element.Kind)
                {
                    case TypeKind.Struct:
                        var inner = target.GetStruct(i);
                        Struct(element, inner, JsonAnnotations.DiscriminatorOf(inner.Schema.Annotations, null));
                        break;
                    case TypeKind.Void:
                        throw new SchemaException($"the elements of '{field.Name}' want null");
                    default:
                        if (target.Element.IsPointer)
                        {
                            Pointer(element, target.Element, target.GetPointer(i), field);
                        }
                        else
                        {
                            target.SetBits(i, JsonScalars.Parse(element, target.Element));
                        }

                        break;
                }
            }

            i++;
        }
    }

    private static JsonDiscriminator? DiscriminatorOf(FieldSchema field, StructSchema schema) =>
        (field.IsGroup ? JsonAnnotations.DiscriminatorOf(field.Annotations, JsonAnnotations.NameOf(field)) : null)
        ?? JsonAnnotations.DiscriminatorOf(schema.Annotations, null);
}
