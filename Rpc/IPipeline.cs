namespace Wetware.Rpc;

/// <summary>What can be called inside results that are not there yet. Generated for each struct that holds capabilities.</summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
public interface IPipeline<TSelf>
    where TSelf : struct, IPipeline<TSelf>
{
    /// <summary>The struct at a path of an answer's results.</summary>
    static abstract TSelf Of(Answer answer, PipelinePath path);
}
