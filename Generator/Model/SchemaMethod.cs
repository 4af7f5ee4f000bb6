namespace Wetware.Generator.Model;

/// <summary>One method of an interface.</summary>
internal sealed class SchemaMethod
{
    public required string Name { get; init; }

    public required int Ordinal { get; init; }

    public required int CodeOrder { get; init; }

    public required IReadOnlyList<string> ImplicitParameters { get; init; }

    public required ulong ParamsId { get; init; }

    public required SchemaBrand ParamsBrand { get; init; }

    public required ulong ResultsId { get; init; }

    public required SchemaBrand ResultsBrand { get; init; }

    public required IReadOnlyList<SchemaAnnotation> Annotations { get; init; }

    public string? Doc { get; set; }

    /// <summary>Whether the method was declared <c>-> stream</c>.</summary>
    public bool IsStreaming => ResultsId == WellKnownIds.StreamResult;
}
