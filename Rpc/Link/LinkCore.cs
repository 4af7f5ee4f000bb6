using Wetware.Capnp;
using Wetware.Core;
using Wetware.Rpc.Flow;
using Wetware.Rpc.Hooks;
using Wetware.Rpc.Tracing;
using Wetware.Rpc.Transport;
using Wetware.Rpc.Vat;

namespace Wetware.Rpc.Link;

/// <summary>What the parts of one connection share: the gate, what it guards, and the way out.</summary>
internal sealed class LinkCore : IVatLink
{
    [ThreadStatic]
    private static LinkCore? t_looping;

    private LinkCore? _outerLoop;

    public LinkCore(RpcConnection connection, FrameTransport transport, RpcOptions options, ClientHook bootstrap)
    {
        Connection = connection;
        Transport = transport;
        Options = options;
        Tables = new Tables(this) { PeerCallsMax = options.PeerCallsMax };
        var descriptors = new Descriptors(Tables);
        Outbound = new Outbound(Tables, descriptors);
        Inbound = new Inbound(Tables, descriptors, Outbound, bootstrap);
        Budget = new InboundBudget(options, Tables);
        Effects = new EffectRunner(Budget, Gate);
        Calls = new CallTraffic(this);
        References = new ReferenceTraffic(this);
    }

    /// <summary>The connection itself.</summary>
    public RpcConnection Connection { get; }

    /// <summary>Guards the tables. No foreign code runs under it.</summary>
    public Lock Gate { get; } = new();

    /// <summary>What carries the frames.</summary>
    public FrameTransport Transport { get; }

    /// <summary>How it behaves.</summary>
    public RpcOptions Options { get; }

    /// <summary>The state of the protocol; guarded by the gate.</summary>
    public Tables Tables { get; }

    /// <summary>What this side says; guarded by the gate.</summary>
    public Outbound Outbound { get; }

    /// <summary>What the peer says; guarded by the gate.</summary>
    public Inbound Inbound { get; }

    /// <summary>The bound on the peer's calls.</summary>
    public InboundBudget Budget { get; }

    /// <summary>Runs what the tables ask for.</summary>
    public EffectRunner Effects { get; }

    /// <summary>Calls, both ways.</summary>
    public CallTraffic Calls { get; }

    /// <summary>Capabilities, both ways.</summary>
    public ReferenceTraffic References { get; }

    BuildBudget ILink.Building => Calls.Building;

    bool ILink.ContinuesElsewhere => Calls.ContinuesElsewhere;

    PeerAddress? ILink.Peer => Calls.Peer;

    void ILink.Deliver(RemoteHook hook, CallContext call) => Calls.Deliver(hook, call);

    bool ILink.Abandon(OutgoingCall call, uint version) => Calls.Abandon(call, version);

    RpcException? ILink.RefusalToExport(int count) => Calls.RefusalToExport(count);

    void ILink.Return(IncomingCall call, RpcMessage? results, RpcException? error) => Calls.Return(call, results, error);

    void ILink.Handled(IncomingCall call) => Effects.Handled(call);

    void ILink.CompleteFromElsewhere(Taker taker, RpcMessage? results, RpcException? error) =>
        Calls.CompleteFromElsewhere((QuestionTaker)taker, results, error);

    PipelineHook? ILink.Pipeline(OutgoingCall call, uint version, PipelinePath path) => References.Pipeline(call, version, path);

    void ILink.Pass(RemoteHook hook, IOrderMark mark) => References.Pass(hook, mark);

    bool ILink.AddListener(RemoteHook hook, ISettleListener listener) => References.AddListener(hook, listener);

    void ILink.LetGo(RemoteHook hook) => References.LetGo(hook);

    IFlowController ILink.NewFlowController() => Options.FlowControl();

    IncomingCall IVatLink.NewAnswer(uint answerId, ulong interfaceId, ushort methodId, RpcMessage? parameters, bool keepsResults) =>
        IncomingCall.Rent(this, answerId, interfaceId, methodId, parameters, keepsResults);

    PromiseHook IVatLink.NewPromise()
    {
        var promise = new PromiseHook();
        promise.AddReference();
        return promise;
    }

    ClientHook IVatLink.FindPipelined(IncomingCall answer, PipelinePath path)
    {
        var found = answer.FindPipelined(path, answer.Version);
        Invariant.Check(found is not null);
        return found;
    }

    void IVatLink.ExportSettled(ExportListener listener, ClientHook promise) => References.ExportSettled(listener, promise);

    void IVatLink.Disembargoed(uint embargoId, RemoteHook? pointsBack) => References.Disembargoed(embargoId, pointsBack);

    /// <summary>This thread is the connection's loop from now on.</summary>
    public void LoopBegins()
    {
        _outerLoop = t_looping;
        t_looping = this;
    }

    /// <summary>This thread no longer is the connection's loop.</summary>
    public void LoopEnds() => t_looping = _outerLoop;

    /// <summary>The transport has ended, on whichever thread; from here on everything is sent at once.</summary>
    public static void LoopStops() => t_looping = null;

    /// <summary>
    /// Sends what waits; on the loop's thread that is done once for everything that one batch of received messages brought about.
    /// </summary>
    public void Flush()
    {
        if (!ReferenceEquals(t_looping, this))
        {
            Transport.Flush();
        }
    }

    /// <summary>Ends the connection if far too much waits for a peer that does not read. Call it under no lock.</summary>
    public void EndIfFull()
    {
        var bytes = Tables.Outbox.Bytes;
        if (bytes > 2 * Options.SendQueueBytesMax)
        {
            Connection.End(new CloseReason(CloseKind.SendQueueFull, $"{bytes} bytes of answers wait for the peer, which does not read"));
        }
    }

    /// <summary>The question that a call became, if it still is open. Call it under the gate.</summary>
    public Question? FindQuestion(OutgoingCall call, uint version) =>
        Tables.Closed is null
        && Tables.Questions.TryGet(call.QuestionId, out var question)
        && ReferenceEquals(question.Call, call)
        && question.CallVersion == version
            ? question
            : null;

    /// <summary>Finishes a question that nobody is interested in. Call it under the gate.</summary>
    public void FinishIfUnwanted(uint id, Question question)
    {
        if (question.Pipelines.Count == 0)
        {
            Outbound.Finish(id, question, releaseResultCaps: true, question.IsReturned);
        }
    }
}
