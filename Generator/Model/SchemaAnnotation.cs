namespace Wetware.Generator.Model;

/// <summary>An annotation that was applied to something.</summary>
internal sealed record SchemaAnnotation(ulong Id, SchemaValue Value);
