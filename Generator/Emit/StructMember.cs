using Wetware.Generator.Model;

namespace Wetware.Generator.Emit;

/// <summary>A field with the names of what is generated for it.</summary>
internal sealed record StructMember
{
    public required SchemaField Field { get; init; }

    /// <summary>The property, in reader and builder.</summary>
    public required string Name { get; init; }

    /// <summary>The enumerant of <c>Which</c>.</summary>
    public required string Tag { get; init; }

    /// <summary>The question whether the pointer is there, in reader and builder.</summary>
    public required string Has { get; init; }

    public required string Init { get; init; }

    public required string Set { get; init; }

    public required string Adopt { get; init; }

    public required string Disown { get; init; }
}
