using Wetware.Core;

namespace Wetware.Capnp.Dynamic;

/// <summary>A struct or group under construction whose type is known only at run time. Setting a member of a union selects it.</summary>
public readonly struct DynamicStructBuilder
{
    private readonly Brand _brand;

    /// <summary>Looks at a struct as one of a type.</summary>
    /// <param name="schema">The type.</param>
    /// <param name="raw">At least as large as the schema says.</param>
    public DynamicStructBuilder(StructSchema schema, StructBuilder raw)
        : this(schema, Brand.Empty, raw)
    {
    }

    /// <summary>Looks at a struct as one of a generic type.</summary>
    public DynamicStructBuilder(StructSchema schema, Brand brand, StructBuilder raw)
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
    public StructBuilder Raw { get; }

    /// <summary>The struct as a reader.</summary>
    public DynamicStructReader AsReader() => new(Schema, _brand, Raw.AsReader());

    /// <summary>Makes a new root.</summary>
    public static DynamicStructBuilder InitRoot(MessageBuilder message, StructSchema schema)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(schema);
        return new DynamicStructBuilder(schema, message.Root.InitStruct(schema.Size));
    }

    /// <summary>The type of a field, type parameters resolved as far as they are bound.</summary>
    public TypeSchema TypeOf(FieldSchema field)
    {
        ArgumentNullException.ThrowIfNull(field);
        return field.IsGroup ? field.Type.WithBrand(_brand) : field.Type.Resolve(_brand);
    }

    /// <summary>Sets a scalar.</summary>
    /// <param name="field">The field.</param>
    /// <param name="bits">Its bits, in the low end; the rest is ignored.</param>
    public void SetBits(FieldSchema field, ulong bits)
    {
        Select(field);
        bits ^= field.DefaultBits;
        switch (FieldSchema.BitsIn(field.Type.Kind))
        {
            case 0:
                break;
            case 1:
                Raw.SetBool(field.Offset, (bits & 1) != 0);
                break;
            case 8:
                Raw.SetUInt8(field.Offset, (byte)bits);
                break;
            case 16:
                Raw.SetUInt16(field.Offset, (ushort)bits);
                break;
            case 32:
                Raw.SetUInt32(field.Offset, (uint)bits);
                break;
            default:
                Raw.SetUInt64(field.Offset, bits);
                break;
        }
    }

    /// <summary>The pointer of a field, to set or init.</summary>
    public PointerBuilder GetPointer(FieldSchema field)
    {
        Select(field);
        Invariant.Check(field.Type.IsPointer && !field.IsGroup);
        return Raw.GetPointer(field.Offset);
    }

    /// <summary>Makes a new struct in a field, or the group that it is.</summary>
    public DynamicStructBuilder InitStruct(FieldSchema field)
    {
        var type = TypeOf(field);
        Invariant.Check(type.Kind == TypeKind.Struct);
        if (field.IsGroup)
        {
            Select(field);
            return new DynamicStructBuilder(type.Struct, type.Brand, Raw);
        }

        return new DynamicStructBuilder(type.Struct, type.Brand, GetPointer(field).InitStruct(type.Struct.Size));
    }

    /// <summary>Makes a new list in a field.</summary>
    public DynamicListBuilder InitList(FieldSchema field, int count)
    {
        var type = TypeOf(field);
        Invariant.Check(type.Kind == TypeKind.List);
        return DynamicListBuilder.Init(type.Element!, GetPointer(field), count);
    }

    private void Select(FieldSchema field)
    {
        ArgumentNullException.ThrowIfNull(field);
        if (!ReferenceEquals(field.Owner, Schema))
        {
            throw new SchemaException($"'{field.Name}' is no field of {Schema}");
        }

        if (field.Discriminant is { } tag)
        {
            Raw.SetUInt16(Schema.DiscriminantOffset, tag);
        }
    }
}
