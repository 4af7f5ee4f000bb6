namespace Wetware.Capnp.Dynamic;

/// <summary>A struct or group.</summary>
public sealed class StructSchema : NodeSchema
{
    private readonly Dictionary<string, FieldSchema> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<ushort, FieldSchema> _byTag = [];

    internal StructSchema(SchemaRegistry registry, Schema.Node.Reader node)
        : base(registry, node)
    {
        var declared = node.Struct;
        Size = new StructSize(declared.DataWordCount, declared.PointerCount);
        IsGroup = declared.IsGroup;
        DiscriminantOffset = (int)Math.Min(declared.DiscriminantOffset, int.MaxValue);
        HasUnion = declared.DiscriminantCount > 0;
        if (HasUnion && (DiscriminantOffset + 1L) * 16 > Size.DataWords * 64L)
        {
            throw new SchemaException($"the tag of the union in {this} lies outside the struct");
        }

        var fields = new FieldSchema[Limits.CheckedCount(declared.Fields.Count)];
        for (var i = 0; i < fields.Length; i++)
        {
            fields[i] = new FieldSchema(this, i, declared.Fields[i]);
            if (!_byName.TryAdd(fields[i].Name, fields[i])
                || (fields[i].Discriminant is { } tag && (!HasUnion || !_byTag.TryAdd(tag, fields[i]))))
            {
                throw new SchemaException($"{this} has two fields '{fields[i].Name}', or two of one tag");
            }
        }

        Fields = fields;
    }

    /// <summary>The room that a new one takes.</summary>
    public StructSize Size { get; }

    /// <summary>Whether it is a group.</summary>
    public bool IsGroup { get; }

    /// <summary>Whether it has a union of its own, unnamed.</summary>
    public bool HasUnion { get; }

    /// <summary>Where the union's tag is, in units of 16 bits.</summary>
    public int DiscriminantOffset { get; }

    /// <summary>Its fields, in the order of their ordinals.</summary>
    public IReadOnlyList<FieldSchema> Fields { get; }

    /// <summary>A field by name.</summary>
    /// <exception cref="SchemaException">The schema does not have it.</exception>
    public FieldSchema GetField(string name) => FindField(name) ?? throw new SchemaException($"{this} has no field '{name}'");

    /// <summary>A field by name; null if there is none.</summary>
    public FieldSchema? FindField(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The union's member of a tag; null if the schema does not know it.</summary>
    public FieldSchema? FindMember(ushort tag) => _byTag.GetValueOrDefault(tag);
}
