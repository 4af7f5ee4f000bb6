namespace Wetware.Capnp.Dynamic;

/// <summary>A struct or group whose type is known only at run time. A plain value; valid as long as its message is.</summary>
public readonly struct DynamicStructReader
{
    private readonly Brand _brand;

    /// <summary>Looks at a struct as one of a type.</summary>
    public DynamicStructReader(StructSchema schema, StructReader raw)
        : this(schema, Brand.Empty, raw)
    {
    }

    /// <summary>Looks at a struct as one of a generic type.</summary>
    public DynamicStructReader(StructSchema schema, Brand brand, StructReader raw)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(brand);
        Schema = schema;
        _brand = brand;
        Raw = raw;
    }

    /// <summary>Its type.</summary>
    public StructSchema Schema { get; }

    /// <summary>The struct without its type.</summary>
    public StructReader Raw { get; }

    /// <summary>The member of the union that is set; null if there is no union, or the schema does not know the tag.</summary>
    public FieldSchema? Which => Schema.HasUnion ? Schema.FindMember(Raw.GetUInt16(Schema.DiscriminantOffset)) : null;

    /// <summary>
    /// Whether a field is set: a pointer that is not null, any scalar and group; of a union's members only the one that is set.
    /// </summary>
    public bool Has(FieldSchema field)
    {
        ArgumentNullException.ThrowIfNull(field);
        return (field.Discriminant is null || ReferenceEquals(Which, field))
            && (!field.Type.IsPointer || field.IsGroup || Raw.HasPointer(field.Offset));
    }

    /// <summary>The value of a field, or its default.</summary>
    public DynamicValue Get(string name) => Get(Schema.GetField(name));

    /// <summary>The value of a field, or its default.</summary>
    public DynamicValue Get(FieldSchema field)
    {
        ArgumentNullException.ThrowIfNull(field);
        if (field.IsGroup)
        {
            return new DynamicValue(field.Type.WithBrand(_brand), Raw);
        }

        var type = field.Type.Resolve(_brand);
        if (type.IsPointer)
        {
            var pointer = Raw.GetPointer(field.Offset);
            return new DynamicValue(type, pointer.IsNull ? field.DefaultPointer : pointer);
        }

        var bits = FieldSchema.BitsIn(type.Kind) switch
        {
            0 => 0UL,
            1 => Raw.GetBool(field.Offset) ? 1UL : 0,
            8 => Raw.GetUInt8(field.Offset),
            16 => Raw.GetUInt16(field.Offset),
            32 => Raw.GetUInt32(field.Offset),
            _ => Raw.GetUInt64(field.Offset),
        };
        return new DynamicValue(type, bits ^ field.DefaultBits);
    }
}
