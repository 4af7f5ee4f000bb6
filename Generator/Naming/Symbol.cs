using Wetware.Generator.Model;

namespace Wetware.Generator.Naming;

/// <summary>A declaration with its place in C#.</summary>
internal sealed class Symbol
{
    public required SchemaNode Node { get; init; }

    /// <summary>The declaration around it, or null for one that stands in its file.</summary>
    public required Symbol? Parent { get; init; }

    /// <summary>The file that declares it.</summary>
    public required SchemaNode File { get; init; }

    public required string Namespace { get; init; }

    /// <summary>The C# identifier.</summary>
    public required string Name { get; init; }

    /// <summary>The type parameters in scope, outermost first.</summary>
    public required IReadOnlyList<GenericParameter> Parameters { get; init; }

    /// <summary>The name that means this declaration anywhere.</summary>
    public string FullName => Parent is null ? $"global::{Namespace}.{Name}" : $"{Parent.FullName}.{Name}";
}
