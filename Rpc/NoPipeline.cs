namespace Wetware.Rpc;

/// <summary>The pipeline of results that hold no capabilities.</summary>
public readonly struct NoPipeline : IPipeline<NoPipeline>
{
    /// <inheritdoc/>
    public static NoPipeline Of(Answer answer, PipelinePath path) => default;
}
