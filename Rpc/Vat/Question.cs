using Wetware.Rpc.Hooks;

namespace Wetware.Rpc.Vat;

/// <summary>A call that this side made and the peer has not returned, or whose results are still to be taken from elsewhere.</summary>
internal sealed class Question
{
    /// <summary>The call; null once its caller has lost interest.</summary>
    public OutgoingCall? Call { get; set; }

    /// <summary>Which use of the pooled call object is meant.</summary>
    public uint CallVersion { get; set; }

    /// <summary>
    /// References to capabilities of the results. Invariant: 0 or more; the question is not finished while there are any.
    /// </summary>
    public List<PipelineHook> Pipelines { get; } = [];

    /// <summary>Exports that went along with the parameters, one entry per reference.</summary>
    public List<uint> ParamExports { get; } = [];

    /// <summary>Whether Finish was sent before Return came.</summary>
    public bool IsFinished { get; set; }

    /// <summary>Whether Return came, but the question is still named by others.</summary>
    public bool IsReturned { get; set; }

    /// <summary>Grows with each use of this object.</summary>
    public uint Generation { get; private set; }

    /// <summary>Whether the peer was asked to keep the results and take them elsewhere.</summary>
    public bool IsTail { get; set; }

    /// <summary>Empties it for reuse.</summary>
    public void Clear()
    {
        Call = null;
        CallVersion = 0;
        Pipelines.Clear();
        ParamExports.Clear();
        IsFinished = false;
        IsReturned = false;
        Generation++;
        IsTail = false;
    }
}
