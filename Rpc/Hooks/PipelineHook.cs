namespace Wetware.Rpc.Hooks;

/// <summary>A capability of the results of a question that the peer has not answered yet.</summary>
internal sealed class PipelineHook(ILink link, uint questionId, PipelinePath path) : RemoteHook(link)
{
    /// <summary>The question; its id is ours to use until <see cref="ClientHook.Resolution"/> is set.</summary>
    public uint QuestionId => questionId;

    /// <summary>Where in the results.</summary>
    public PipelinePath Path => path;

    public override bool IsUnsettled => Resolution is null;
}
