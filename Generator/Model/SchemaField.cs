namespace Wetware.Generator.Model;

/// <summary>A field or group of a struct.</summary>
internal sealed class SchemaField
{
    /// <summary>The discriminant of a field that belongs to no union.</summary>
    public const ushort NoDiscriminant = 0xffff;

    public required string Name { get; init; }

    public required int CodeOrder { get; init; }

    public required ushort Discriminant { get; init; }

    public required IReadOnlyList<SchemaAnnotation> Annotations { get; init; }

    /// <summary>The group's node, or zero for a slot.</summary>
    public ulong GroupId { get; init; }

    /// <summary>The slot's offset in units of its own size.</summary>
    public uint Offset { get; init; }

    /// <summary>The slot's type; unused for a group.</summary>
    public SchemaType Type { get; init; } = new(TypeKind.Void);

    /// <summary>The slot's default.</summary>
    public SchemaValue Default { get; init; } = new(TypeKind.Void, 0, null);

    public string? Doc { get; set; }

    public bool IsGroup => GroupId != 0;

    /// <summary>Whether the schema says what the pointer leads to while it is null.</summary>
    public bool HasPointerDefault => !IsGroup && Type.IsPointer && !Default.IsZero;

    public bool InUnion => Discriminant != NoDiscriminant;
}
