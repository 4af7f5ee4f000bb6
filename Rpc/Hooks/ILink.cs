using Wetware.Capnp;
using Wetware.Rpc.Flow;
using Wetware.Rpc.Tracing;

namespace Wetware.Rpc.Hooks;

/// <summary>
/// A connection as hooks and calls see it. Everything here takes the connection's gate, or runs foreign code: call it under no lock.
/// </summary>
internal interface ILink
{
    /// <summary>What the handlers of the peer's calls may build together before they return.</summary>
    BuildBudget Building { get; }

    /// <summary>Whether what awaits an answer goes on on the thread pool.</summary>
    bool ContinuesElsewhere { get; }

    /// <summary>Where the peer is, for spans; null if that is not known.</summary>
    PeerAddress? Peer { get; }

    /// <summary>Brings a call to something at the far end.</summary>
    void Deliver(RemoteHook hook, CallContext call);

    /// <summary>The caller of a question has lost interest.</summary>
    /// <returns>Whether the question was still open: then nobody else completes the call.</returns>
    bool Abandon(OutgoingCall call, uint version);

    /// <summary>Why the peer may not be given further capabilities; null if it may.</summary>
    RpcException? RefusalToExport(int count);

    /// <summary>Answers a call of the peer.</summary>
    void Return(IncomingCall call, RpcMessage? results, RpcException? error);

    /// <summary>A call of the peer has been handled; lets waiting ones start.</summary>
    void Handled(IncomingCall call);

    /// <summary>A question is answered by the results of a call that the peer made here.</summary>
    void CompleteFromElsewhere(Taker taker, RpcMessage? results, RpcException? error);

    /// <summary>A capability of the results of a question.</summary>
    /// <returns>One count is the caller's; null if the question is over.</returns>
    PipelineHook? Pipeline(OutgoingCall call, uint version, PipelinePath path);

    /// <summary>Lets a mark follow the calls to something at the far end.</summary>
    void Pass(RemoteHook hook, IOrderMark mark);

    /// <summary>Adds someone who waits for a promise of the peer.</summary>
    /// <returns>False if it has settled.</returns>
    bool AddListener(RemoteHook hook, ISettleListener listener);

    /// <summary>The last reference to something at the far end is gone.</summary>
    void LetGo(RemoteHook hook);

    /// <summary>What decides how wide the window of a stream to the peer is.</summary>
    IFlowController NewFlowController();
}
