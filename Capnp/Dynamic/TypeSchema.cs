namespace Wetware.Capnp.Dynamic;

/// <summary>A type as a field, an element or a constant has it.</summary>
public sealed class TypeSchema
{
    private readonly SchemaRegistry? _registry;
    private readonly bool _isParameter;
    private readonly ulong _scope;
    private readonly int _index;

    private TypeSchema(TypeKind kind, SchemaRegistry? registry = null, ulong id = 0, Brand? brand = null, TypeSchema? element = null)
    {
        Kind = kind;
        _registry = registry;
        Id = id;
        Brand = brand ?? Brand.Empty;
        Element = element;
    }

    private TypeSchema(ulong scope, int index)
        : this(TypeKind.AnyPointer)
    {
        _isParameter = true;
        _scope = scope;
        _index = index;
    }

    /// <summary>What kind of type it is.</summary>
    public TypeKind Kind { get; }

    /// <summary>The id of the enum, struct or interface; 0 for other kinds.</summary>
    public ulong Id { get; }

    /// <summary>What its type parameters are bound to.</summary>
    public Brand Brand { get; }

    /// <summary>The type of a list's elements; null for other kinds.</summary>
    public TypeSchema? Element { get; }

    /// <summary>Whether values are pointers.</summary>
    public bool IsPointer =>
        Kind is TypeKind.Text or TypeKind.Data or TypeKind.List or TypeKind.Struct or TypeKind.Interface or TypeKind.AnyPointer;

    /// <summary>The struct, for that kind.</summary>
    public StructSchema Struct => _registry!.GetStruct(Id);

    /// <summary>The enum, for that kind.</summary>
    public EnumSchema Enum => _registry!.GetEnum(Id);

    /// <summary>How elements of this type are laid out in a list.</summary>
    public ElementSize ElementSize => Kind switch
    {
        TypeKind.Void => ElementSize.Void,
        TypeKind.Bool => ElementSize.Bit,
        TypeKind.Int8 or TypeKind.UInt8 => ElementSize.Byte,
        TypeKind.Int16 or TypeKind.UInt16 or TypeKind.Enum => ElementSize.TwoBytes,
        TypeKind.Int32 or TypeKind.UInt32 or TypeKind.Float32 => ElementSize.FourBytes,
        TypeKind.Int64 or TypeKind.UInt64 or TypeKind.Float64 => ElementSize.EightBytes,
        TypeKind.Struct => ElementSize.InlineComposite,
        _ => ElementSize.Pointer,
    };

    /// <summary>The type of a struct.</summary>
    public static TypeSchema Of(StructSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return new TypeSchema(TypeKind.Struct, schema.Registry, schema.Id);
    }

    /// <summary>A group shares the brand of the struct that it is part of.</summary>
    internal TypeSchema WithBrand(Brand brand) => ReferenceEquals(brand, Brand) ? this : new TypeSchema(Kind, _registry, Id, brand);

    internal static TypeSchema OfGroup(SchemaRegistry registry, ulong id) => new(TypeKind.Struct, registry, id);

    /// <summary>Replaces type parameters by what they are bound to.</summary>
    public TypeSchema Resolve(Brand context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (_isParameter)
        {
            return context.Find(_scope, _index) ?? this;
        }

        if (Element is not null)
        {
            var element = Element.Resolve(context);
            return ReferenceEquals(element, Element) ? this : new TypeSchema(TypeKind.List, element: element);
        }

        var brand = Brand.Resolve(context);
        return ReferenceEquals(brand, Brand) ? this : new TypeSchema(Kind, _registry, Id, brand);
    }

    internal static TypeSchema Load(SchemaRegistry registry, Schema.Type.Reader type)
    {
        var kind = (TypeKind)type.Which;
        switch (type.Which)
        {
            case Schema.Type.Which.List:
                return new TypeSchema(kind, element: Load(registry, type.List.ElementType));
            case Schema.Type.Which.Enum:
                return new TypeSchema(kind, registry, type.Enum.TypeId, Brand.Load(registry, type.Enum.Brand));
            case Schema.Type.Which.Struct:
                return new TypeSchema(kind, registry, type.Struct.TypeId, Brand.Load(registry, type.Struct.Brand));
            case Schema.Type.Which.Interface:
                return new TypeSchema(kind, registry, type.Interface.TypeId, Brand.Load(registry, type.Interface.Brand));
            case Schema.Type.Which.AnyPointer when type.AnyPointer.Which == Schema.Type.AnyPointer.Which.Parameter:
                return new TypeSchema(type.AnyPointer.Parameter.ScopeId, type.AnyPointer.Parameter.ParameterIndex);
            default:
                return kind <= TypeKind.AnyPointer
                    ? new TypeSchema(kind)
                    : throw new SchemaException($"type kind {(int)kind} is not known");
        }
    }
}
