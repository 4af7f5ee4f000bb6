namespace Wetware.Generator.Model;

/// <summary>A declaration as its scope lists it.</summary>
internal sealed record NestedName(string Name, ulong Id);
