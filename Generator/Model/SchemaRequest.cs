namespace Wetware.Generator.Model;

/// <summary>A whole CodeGeneratorRequest.</summary>
/// <param name="Nodes">Every declaration by id, also those of imported files that the requested ones use.</param>
/// <param name="Files">The files to generate, in the order they were given.</param>
internal sealed record SchemaRequest(IReadOnlyDictionary<ulong, SchemaNode> Nodes, IReadOnlyList<SchemaFile> Files);
