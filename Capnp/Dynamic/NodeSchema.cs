namespace Wetware.Capnp.Dynamic;

/// <summary>One declaration of a schema.</summary>
public abstract class NodeSchema
{
    private protected NodeSchema(SchemaRegistry registry, Schema.Node.Reader node)
    {
        Registry = registry;
        Id = node.Id;
        ScopeId = node.ScopeId;
        DisplayName = node.DisplayName;
        var prefix = (int)Math.Min(node.DisplayNamePrefixLength, (uint)DisplayName.Length);
        Name = DisplayName[prefix..];
        Annotations = AnnotationSchema.Load(node.Annotations);
    }

    /// <summary>Where it is declared.</summary>
    public SchemaRegistry Registry { get; }

    /// <summary>Its id.</summary>
    public ulong Id { get; }

    /// <summary>The id of what it is declared in.</summary>
    public ulong ScopeId { get; }

    /// <summary>Its name in full, such as <c>addressbook.capnp:Person.PhoneNumber</c>.</summary>
    public string DisplayName { get; }

    /// <summary>Its own name.</summary>
    public string Name { get; }

    /// <summary>What is annotated to it.</summary>
    public IReadOnlyList<AnnotationSchema> Annotations { get; }

    /// <inheritdoc/>
    public override string ToString() => DisplayName;
}
