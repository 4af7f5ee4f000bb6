namespace Wetware.Capnp.Dynamic;

/// <summary>An enum.</summary>
public sealed class EnumSchema : NodeSchema
{
    private readonly Dictionary<string, ushort> _byName = new(StringComparer.Ordinal);

    internal EnumSchema(SchemaRegistry registry, Schema.Node.Reader node)
        : base(registry, node)
    {
        var list = node.Enum.Enumerants;
        var enumerants = new EnumerantSchema[Limits.CheckedCount(list.Count)];
        for (var i = 0; i < enumerants.Length; i++)
        {
            enumerants[i] = new EnumerantSchema(list[i].Name, AnnotationSchema.Load(list[i].Annotations));
            if (!_byName.TryAdd(enumerants[i].Name, (ushort)i))
            {
                throw new SchemaException($"{this} names '{enumerants[i].Name}' twice");
            }
        }

        Enumerants = enumerants;
    }

    /// <summary>The values, by their number.</summary>
    public IReadOnlyList<EnumerantSchema> Enumerants { get; }

    /// <summary>The number of a name.</summary>
    public bool TryGetValue(string name, out ushort value) => _byName.TryGetValue(name, out value);
}
