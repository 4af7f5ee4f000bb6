namespace Wetware.Generator.Emit;

/// <summary>What the command line asks for.</summary>
internal sealed record Options
{
    public static Options Default { get; } = new();

    /// <summary>The folder to write to; <c>capnp</c> starts its plugins in the one it was given.</summary>
    public string Output { get; init; } = ".";

    /// <summary>The namespace of files that do not set their own, or null.</summary>
    public string? Namespace { get; init; }

    /// <summary>Namespaces of single files, by the end of their paths.</summary>
    public IReadOnlyDictionary<string, string> NamespacesByFile { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The accessibility of the types: public or internal.</summary>
    public string Access { get; init; } = "public";

    /// <summary>Whether to run <c>capnp</c> instead of reading its request from standard input.</summary>
    public bool RunCapnp { get; init; }

    /// <summary>Further arguments for <c>capnp</c>.</summary>
    public IReadOnlyList<string> CapnpArguments { get; init; } = [];

    /// <summary>The schemas to compile when running <c>capnp</c>.</summary>
    public IReadOnlyList<string> Schemas { get; init; } = [];
}
