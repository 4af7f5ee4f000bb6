namespace Wetware.Generator.Model;

/// <summary>One value of an enum.</summary>
internal sealed class SchemaEnumerant
{
    public required string Name { get; init; }

    public required int Ordinal { get; init; }

    public required int CodeOrder { get; init; }

    public required IReadOnlyList<SchemaAnnotation> Annotations { get; init; }

    public string? Doc { get; set; }
}
