namespace Wetware.Generator.Model;

/// <summary>A declaration: a file, struct (or group), enum, interface, constant or annotation.</summary>
internal sealed class SchemaNode
{
    public required ulong Id { get; init; }

    public required NodeKind Kind { get; init; }

    /// <summary>The name with file and scopes, as <c>capnp</c> shows it.</summary>
    public required string DisplayName { get; init; }

    /// <summary>The last part of <see cref="DisplayName"/>.</summary>
    public required string Name { get; init; }

    public required ulong ScopeId { get; init; }

    public required IReadOnlyList<string> Parameters { get; init; }

    public required IReadOnlyList<SchemaAnnotation> Annotations { get; init; }

    /// <summary>
    /// The declarations inside this one, in the order of the schema text. A request leaves out declarations of imported files that
    /// nobody uses, but their names still stand here.
    /// </summary>
    public required IReadOnlyList<NestedName> Nested { get; init; }

    public string? Doc { get; set; }

    // Structs.
    public int DataWords { get; init; }

    public int Pointers { get; init; }

    public bool IsGroup { get; init; }

    public int DiscriminantCount { get; init; }

    public uint DiscriminantOffset { get; init; }

    public IReadOnlyList<SchemaField> Fields { get; init; } = [];

    // Enums.
    public IReadOnlyList<SchemaEnumerant> Enumerants { get; init; } = [];

    // Interfaces.
    public IReadOnlyList<SchemaMethod> Methods { get; init; } = [];

    public IReadOnlyList<SchemaSuperclass> Superclasses { get; init; } = [];

    // Constants (and the type of an annotation).
    public SchemaType ConstType { get; init; } = new(TypeKind.Void);

    public SchemaValue ConstValue { get; init; } = new(TypeKind.Void, 0, null);
}
