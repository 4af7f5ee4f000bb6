namespace Wetware.Capnp.Dynamic;

/// <summary>A field of a struct or group.</summary>
public sealed class FieldSchema
{
    private const ushort NoDiscriminant = 0xFFFF;

    private readonly PointerReader _defaultPointer;

    internal FieldSchema(StructSchema owner, int index, Schema.Field.Reader field)
    {
        Owner = owner;
        Index = index;
        Name = field.Name;
        CodeOrder = field.CodeOrder;
        Discriminant = field.DiscriminantValue == NoDiscriminant ? null : field.DiscriminantValue;
        Annotations = AnnotationSchema.Load(field.Annotations);
        switch (field.Which)
        {
            case Schema.Field.Which.Slot:
                Offset = (int)Math.Min(field.Slot.Offset, int.MaxValue);
                Type = TypeSchema.Load(owner.Registry, field.Slot.Type);
                DefaultBits = Type.IsPointer ? 0 : BitsOf(Type.Kind, field.Slot.DefaultValue);
                _defaultPointer = Type.IsPointer ? field.Slot.DefaultValue.Raw.GetPointer(0) : default;
                CheckRoom(owner);
                break;
            case Schema.Field.Which.Group:
                IsGroup = true;
                Type = TypeSchema.OfGroup(owner.Registry, field.Group.TypeId);
                break;
            default:
                throw new SchemaException($"field {Name} of {owner} is of a kind that is not known");
        }
    }

    /// <summary>The struct or group that has it.</summary>
    public StructSchema Owner { get; }

    /// <summary>Its number in <see cref="StructSchema.Fields"/>.</summary>
    public int Index { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Where it stands in the text of the schema.</summary>
    public int CodeOrder { get; }

    /// <summary>Its tag, if it is a member of its owner's union.</summary>
    public ushort? Discriminant { get; }

    /// <summary>Whether it is a group: a part of the same struct under a name.</summary>
    public bool IsGroup { get; }

    /// <summary>Its type; parameters of generic types unresolved.</summary>
    public TypeSchema Type { get; }

    /// <summary>Where it is, in units of its own size.</summary>
    public int Offset { get; }

    /// <summary>Its default, if it is no pointer.</summary>
    public ulong DefaultBits { get; }

    /// <summary>Its default, if it is a pointer; null if it has none.</summary>
    public PointerReader DefaultPointer => _defaultPointer;

    /// <summary>What is annotated to it.</summary>
    public IReadOnlyList<AnnotationSchema> Annotations { get; }

    internal static ulong BitsOf(TypeKind kind, Schema.Value.Reader value)
    {
        var raw = value.Raw;
        return kind switch
        {
            TypeKind.Void => 0,
            TypeKind.Bool => raw.GetBool(16) ? 1UL : 0,
            TypeKind.Int8 or TypeKind.UInt8 => raw.GetUInt8(2),
            TypeKind.Int16 or TypeKind.UInt16 or TypeKind.Enum => raw.GetUInt16(1),
            TypeKind.Int32 or TypeKind.UInt32 or TypeKind.Float32 => raw.GetUInt32(1),
            _ => raw.GetUInt64(1),
        };
    }

    internal static int BitsIn(TypeKind kind) => kind switch
    {
        TypeKind.Void => 0,
        TypeKind.Bool => 1,
        TypeKind.Int8 or TypeKind.UInt8 => 8,
        TypeKind.Int16 or TypeKind.UInt16 or TypeKind.Enum => 16,
        TypeKind.Int32 or TypeKind.UInt32 or TypeKind.Float32 => 32,
        _ => 64,
    };

    private void CheckRoom(StructSchema owner)
    {
        var fits = Type.IsPointer
            ? Offset < owner.Size.PointerCount
            : (Offset + 1L) * BitsIn(Type.Kind) <= owner.Size.DataWords * 64L;
        if (!fits)
        {
            throw new SchemaException($"field {Name} of {owner} lies outside the struct");
        }
    }
}
