namespace Wetware.Generator.Model;

/// <summary>An interface that another one extends.</summary>
internal sealed record SchemaSuperclass(ulong Id, SchemaBrand Brand);
