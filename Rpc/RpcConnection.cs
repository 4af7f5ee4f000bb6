using Wetware.Core;
using Wetware.Core.Capnp;
using Wetware.Rpc.Flow;
using Wetware.Rpc.Hooks;
using Wetware.Rpc.Transport;
using Wetware.Rpc.Vat;

namespace Wetware.Rpc;

/// <summary>
/// A two-party connection that speaks the Cap'n Proto RPC protocol. Its transport's loop brings the peer's messages, and
/// runs handlers and continuations; any thread may call. Everything that belongs to the protocol happens under one gate,
/// and no foreign code runs under it.
/// </summary>
public sealed class RpcConnection : ITransportSink, IAsyncDisposable, IDisposable
{
    [ThreadStatic]
    private static RpcConnection? t_looping;

    private readonly Lock _gate = new();
    private readonly RpcOptions _options;
    private readonly FrameTransport _transport;
    private readonly Tables _tables;
    private readonly Outbound _outbound;
    private readonly Inbound _inbound;
    private readonly InboundBudget _budget;
    private readonly ClientHook _bootstrap;
    private RpcConnection? _outerLoop;
    private readonly List<Effect> _loopEffects = new(16);
    private readonly TaskCompletionSource<CloseReason> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RpcConnection(FrameTransport transport, RpcOptions options)
    {
        _options = options.Validated();
        _transport = transport;
        _bootstrap = options.Bootstrap?.Hook.AddReference()
            ?? new BrokenHook(new RpcException(RpcErrorType.Unimplemented, "this peer offers no bootstrap capability"));
        _tables = new Tables(this);
        var descriptors = new Descriptors(_tables);
        _outbound = new Outbound(_tables, descriptors);
        _inbound = new Inbound(_tables, descriptors, _outbound, _bootstrap);
        _budget = new InboundBudget(options, _tables.Outbox);
    }

    /// <summary>Completes when the connection has ended, with the first reason.</summary>
    public Task<CloseReason> Closed => _closed.Task;

    /// <summary>Why it ended; null while it lives.</summary>
    public CloseReason? CloseReason
    {
        get
        {
            lock (_gate)
            {
                return _tables.Closed;
            }
        }
    }

    /// <summary>Whether no question, answer, export, import or embargo is left; for tests that look for leaks.</summary>
    internal bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return _tables.IsEmpty;
            }
        }
    }

    /// <summary>Bytes that wait to be sent; for tests of what a peer may cost.</summary>
    internal long SendQueueBytes => _tables.Outbox.Bytes;

    /// <summary>How full the tables are, for people who look for a leak.</summary>
    internal string Describe()
    {
        lock (_gate)
        {
            return $"{_tables.Questions.Count} questions, {_tables.Answers.Count} answers, {_tables.Exports.Count} exports, {_tables.Imports.Count} imports, {_tables.Embargoes.Count} embargoes";
        }
    }

    int ITransportSink.FrameBytesMax => _options.FrameBytesMax;

    bool ITransportSink.HasOutgoing
    {
        get
        {
            lock (_gate)
            {
                return !_tables.Outbox.IsEmpty;
            }
        }
    }

    /// <summary>Starts to speak over a transport, which the connection owns from now on.</summary>
    public static RpcConnection Start(FrameTransport transport, RpcOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(transport);
        var connection = new RpcConnection(transport, options ?? RpcOptions.Default);
        transport.Start(connection);
        return connection;
    }

    /// <summary>The capability that the peer offers to whoever connects. Can be called at once.</summary>
    public Capability Bootstrap()
    {
        var call = OutgoingCall.RentBare();
        CloseReason? closed;
        lock (_gate)
        {
            closed = _tables.Closed;
            if (closed is null)
            {
                _outbound.Bootstrap(call);
            }
        }

        if (closed is not null)
        {
            call.Fail(closed.ToException());
        }

        var capability = call.GetPipelined(PipelinePath.Root).AddRef();
        call.Dispose(call.Version);
        Flush();
        return capability;
    }

    /// <summary>The capability that the peer offers, as a client of an interface.</summary>
    public TClient Bootstrap<TClient>()
        where TClient : struct, ICapabilityClient<TClient>
        => TClient.From(Bootstrap());

    /// <summary>Ends the connection. Calls under way, both ways, fail as disconnected.</summary>
    public void Dispose() => End(new CloseReason(CloseKind.Local, "this side closed the connection"));

    /// <summary>Ends the connection and waits until its loop has stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        await _transport.Stopped.ConfigureAwait(false);
    }

    void ITransportSink.BatchStarts()
    {
        _outerLoop = t_looping;
        t_looping = this;
    }

    void ITransportSink.Received(Frame frame)
    {
        try
        {
            var message = RpcMessage.FromFrame(frame);
            lock (_gate)
            {
                if (_tables.Closed is null)
                {
                    _inbound.Receive(message, _loopEffects);
                }
                else
                {
                    _loopEffects.Add(new Effect(EffectKind.Drop, message));
                }
            }

            Run(_loopEffects);
            if (_tables.Outbox.Bytes > 2 * _options.SendQueueBytesMax)
            {
                End(new CloseReason(CloseKind.SendQueueFull, $"{_tables.Outbox.Bytes} bytes of answers wait for the peer, which does not read"));
            }
        }
        catch (ProtocolException broken)
        {
            Run(_loopEffects);
            EndWithAbort(new CloseReason(CloseKind.ProtocolError, "the peer broke the protocol: " + broken.Message));
        }
        catch (DecodeException malformed)
        {
            Run(_loopEffects);
            EndWithAbort(new CloseReason(CloseKind.Malformed, "the peer sent a malformed message: " + malformed.Message));
        }
        catch (PeerAbortException abort)
        {
            Run(_loopEffects);
            End(new CloseReason(CloseKind.AbortedByPeer, "the peer ended the connection: " + abort.Message));
        }
    }

    void ITransportSink.BatchEnds()
    {
        t_looping = _outerLoop;
        _transport.Flush();
    }

    void ITransportSink.Ended(CloseReason reason)
    {
        t_looping = null;
        End(reason);
    }

    List<RpcMessage> ITransportSink.TakeOutgoing(List<RpcMessage> empty)
    {
        lock (_gate)
        {
            return _tables.Outbox.Take(empty);
        }
    }

    void ITransportSink.Written(long bytes)
    {
        _tables.Outbox.Written(bytes);
        if (_budget.Sent())
        {
            // Whoever sends goes on sending; what had to wait for it starts elsewhere.
            ThreadPool.UnsafeQueueUserWorkItem(static connection => connection.StartWaiting(), this, preferLocal: false);
        }
    }

    internal IFlowController NewFlowController() => _options.FlowControl();

    /// <summary>Brings a call to something at the far end.</summary>
    internal void Deliver(RemoteHook hook, CallContext call)
    {
        if (call is IncomingCall incoming)
        {
            Forward(hook, incoming);
        }
        else
        {
            Send(hook, (OutgoingCall)call, null);
        }
    }

    /// <summary>Lets a mark follow the calls to something at the far end.</summary>
    internal void Pass(RemoteHook hook, IOrderMark mark)
    {
        ClientHook? next;
        mark.ComesBy(hook);
        lock (_gate)
        {
            next = hook.Resolution?.AddReference();
        }

        if (next is null)
        {
            mark.Arrived(hook);
        }
        else
        {
            next.Pass(mark);
            next.Release();
        }
    }

    /// <summary>Adds someone who waits for a promise of the peer.</summary>
    /// <returns>False if it has settled.</returns>
    internal bool AddListener(RemoteHook hook, ISettleListener listener)
    {
        lock (_gate)
        {
            if (!hook.IsUnsettled)
            {
                return false;
            }

            hook.AddListener(listener);
            return true;
        }
    }

    /// <summary>A capability of the results of a question.</summary>
    /// <returns>One count is the caller's; null if the question is over.</returns>
    internal PipelineHook? Pipeline(OutgoingCall call, uint version, PipelinePath path)
    {
        lock (_gate)
        {
            if (FindQuestion(call, version) is not { } question)
            {
                return null;
            }

            var hook = new PipelineHook(this, call.QuestionId, path);
            question.Pipelines.Add(hook);
            return hook;
        }
    }

    /// <summary>The caller of a question has lost interest.</summary>
    /// <returns>Whether the question was still open: then nobody else completes the call.</returns>
    internal bool Abandon(OutgoingCall call, uint version)
    {
        lock (_gate)
        {
            if (FindQuestion(call, version) is not { } question)
            {
                return false;
            }

            question.Call = null;
            FinishIfUnwanted(call.QuestionId, question);
        }

        Flush();
        return true;
    }

    /// <summary>The last reference to something at the far end is gone.</summary>
    internal void LetGo(RemoteHook hook)
    {
        lock (_gate)
        {
            if (_tables.Closed is not null)
            {
                return;
            }

            if (hook is ImportHook import)
            {
                _outbound.Release(import);
            }
            else if (hook is PipelineHook pipeline
                && _tables.Questions.TryGet(pipeline.QuestionId, out var question)
                && question.Pipelines.Remove(pipeline)
                && question.Call is null)
            {
                FinishIfUnwanted(pipeline.QuestionId, question);
            }
        }

        Flush();
    }

    /// <summary>Answers a call of the peer.</summary>
    internal void Return(IncomingCall call, RpcMessage? results, RpcException? error)
    {
        var effects = EffectLists.Rent();
        var told = _options.SendTraces ? error?.WithTrace() : error;
        lock (_gate)
        {
            if (_tables.Closed is null && !call.IsForgotten && !call.IsReturned)
            {
                _outbound.Return(call, results, told, effects);
            }
        }

        Run(effects);
        EffectLists.Return(effects);
        Flush();
    }

    /// <summary>A call of the peer has been handled; lets waiting ones start.</summary>
    internal void Handled(IncomingCall call)
    {
        if (_budget.Done(call.Bytes))
        {
            StartWaiting();
        }
    }

    /// <summary>A question is answered by the results of a call that the peer made here.</summary>
    internal void CompleteFromElsewhere(Taker taker, RpcMessage? results, RpcException? error)
    {
        var effects = EffectLists.Rent();
        lock (_gate)
        {
            _inbound.Taken(taker, results, error, effects);
        }

        Run(effects);
        EffectLists.Return(effects);
        Flush();
    }

    /// <summary>An exported promise has settled.</summary>
    internal void ExportSettled(ExportListener listener, ClientHook promise)
    {
        var effects = EffectLists.Rent();
        lock (_gate)
        {
            if (_tables.Closed is null)
            {
                _outbound.Resolve(listener, promise, effects);
            }
        }

        Run(effects);
        EffectLists.Return(effects);
        Flush();
    }

    /// <summary>Every call that the peer sent before its disembargo has gone ahead: sends it back.</summary>
    internal void Disembargoed(uint embargoId, RemoteHook? pointsBack)
    {
        if (pointsBack is null)
        {
            EndWithAbort(new CloseReason(CloseKind.ProtocolError, "the peer broke the protocol: a disembargo names a capability that does not point back to it"));
            return;
        }

        lock (_gate)
        {
            if (_tables.Closed is null)
            {
                _tables.Outbox.Add(RpcMessage.NewDisembargo(pointsBack, Wire.ReceiverLoopback, embargoId));
            }
        }

        Flush();
    }

    private Question? FindQuestion(OutgoingCall call, uint version) =>
        _tables.Closed is null
        && _tables.Questions.TryGet(call.QuestionId, out var question)
        && ReferenceEquals(question.Call, call)
        && question.CallVersion == version
            ? question
            : null;

    private void FinishIfUnwanted(uint id, Question question)
    {
        if (question.Pipelines.Count == 0)
        {
            _outbound.Finish(id, question, releaseResultCaps: true, question.IsReturned);
        }
    }

    // A call of the peer that turns out to be for something at the far end of this connection goes back as a tail call, so
    // that its results never come here; for another connection it is made anew.
    private void Forward(RemoteHook hook, IncomingCall call)
    {
        var tail = OutgoingCall.Rent(hook, call.InterfaceId, call.MethodId);
        tail.Params = call.Params!.CopyParams(call.InterfaceId, call.MethodId);
        call.ReleaseParams();
        if (ReferenceEquals(call.Connection, this) && !call.KeepsResults && !call.IsOnlyPipelined)
        {
            tail.PrepareFor(call);
            Send(hook, tail, call);
        }
        else
        {
            tail.SendFor(call);
        }
    }

    private void Send(RemoteHook hook, OutgoingCall call, IncomingCall? tailOf)
    {
        ClientHook? next = null;
        RpcException? error = null;
        var effects = EffectLists.Rent();
        lock (_gate)
        {
            if (hook.Resolution is { } resolution)
            {
                next = resolution.AddReference();
            }
            else if (Refusal(call) is { } refusal)
            {
                error = refusal;
            }
            else
            {
                var asTail = tailOf is { IsForgotten: false, IsReturned: false };
                var id = _outbound.Call(hook, call, asTail, effects);
                if (asTail)
                {
                    _outbound.ReturnFromOther(tailOf!, id);
                    tailOf!.IsTailed = true;
                }
            }
        }

        if (next is not null)
        {
            next.Deliver(call);
            next.Release();
        }
        else if (error is not null)
        {
            call.Fail(error);
        }
        else
        {
            Run(effects);
            call.ForwardPipelined();
            Flush();
        }

        EffectLists.Return(effects);
    }

    private RpcException? Refusal(OutgoingCall call) =>
        _tables.Closed is { } closed ? closed.ToException()
        : call.IsCanceled ? new RpcException("the call was canceled")
        : _tables.Questions.Count >= _options.OutstandingCallsMax ? new RpcException(RpcErrorType.Overloaded, "too many calls wait for the peer, which does not answer")
        : _tables.Outbox.Bytes > _options.SendQueueBytesMax ? new RpcException(RpcErrorType.Overloaded, "too much waits to be sent to the peer, which does not read")
        : null;

    private void StartWaiting()
    {
        while (_budget.NextWaiting() is { } waiting)
        {
            Start(waiting);
        }
    }

    private void Flush()
    {
        // The loop sends once for everything that one batch of received messages brought about.
        if (!ReferenceEquals(t_looping, this))
        {
            _transport.Flush();
        }
    }

    private void EndWithAbort(CloseReason reason)
    {
        lock (_gate)
        {
            if (_tables.Closed is null)
            {
                _tables.Outbox.Add(RpcMessage.NewAbort(new RpcException(RpcErrorType.Failed, reason.Text)));
            }
        }

        End(reason);
    }

    private void End(CloseReason reason)
    {
        var effects = EffectLists.Rent();
        lock (_gate)
        {
            if (_tables.Closed is not null)
            {
                EffectLists.Return(effects);
                return;
            }

            _tables.Closed = reason;
            Closing.Collect(_tables, reason.ToException(), effects);
        }

        _transport.Close();
        Run(effects);
        EffectLists.Return(effects);
        while (_budget.TakeWaiting() is { } waiting)
        {
            Fail(waiting, reason);
        }

        _bootstrap.Release();
        _closed.TrySetResult(reason);
    }

    private static void Fail(Effect waiting, CloseReason reason)
    {
        if (waiting.Kind == EffectKind.Deliver)
        {
            ((IncomingCall)waiting.Argument!).Fail(reason.ToException());
        }

        ((ClientHook)waiting.Subject).Release();
    }

    private static void Start(in Effect effect)
    {
        var hook = (ClientHook)effect.Subject;
        if (effect.Kind == EffectKind.Deliver)
        {
            hook.Deliver((IncomingCall)effect.Argument!);
        }
        else
        {
            hook.Pass((IOrderMark)effect.Argument!);
        }

        hook.Release();
    }

    private void Run(List<Effect> effects)
    {
        // Running one may bring about others, but those go through lists of their own.
        for (var i = 0; i < effects.Count; i++)
        {
            Run(effects[i]);
        }

        effects.Clear();
    }

    private void Run(in Effect effect)
    {
        switch (effect.Kind)
        {
            case EffectKind.Deliver:
            case EffectKind.Pass:
                Admit(in effect);
                break;
            case EffectKind.Complete:
                ((CallContext)effect.Subject).CompleteWith((RpcMessage)effect.Argument!);
                break;
            case EffectKind.Fail:
                ((CallContext)effect.Subject).Fail((RpcException)effect.Argument!);
                break;
            case EffectKind.Settle:
                var gate = (PromiseHook)effect.Subject;
                gate.Settle((ClientHook)effect.Argument!);
                gate.Release();
                break;
            case EffectKind.Listen:
                ((ClientHook)effect.Subject).WhenSettled((ISettleListener)effect.Argument!);
                break;
            case EffectKind.Cancel:
                ((CallContext)effect.Subject).Cancel();
                break;
            case EffectKind.Release:
                ((ClientHook)effect.Subject).Release();
                break;
            case EffectKind.Drop:
                ((RpcMessage)effect.Subject).Release();
                break;
            case EffectKind.Forget:
                ((IncomingCall)effect.Subject).DropOwner();
                break;
            case EffectKind.Forward:
                ((IncomingCall)effect.Subject).ForwardPipelined();
                ((IncomingCall)effect.Subject).DropOwner();
                break;
            case EffectKind.Announce:
                ((RemoteHook)effect.Subject).Announce();
                ((RemoteHook)effect.Subject).Release();
                break;
            case EffectKind.TakeResults:
                ((IncomingCall)effect.Subject).GiveTo((Taker)effect.Argument!);
                ((IncomingCall)effect.Subject).DropOwner();
                break;
            default:
                Invariant.Fail("unknown effect");
                break;
        }
    }

    private void Admit(in Effect effect)
    {
        var bytes = effect.Kind == EffectKind.Deliver ? ((IncomingCall)effect.Argument!).Bytes : 0;
        switch (_budget.Admit(in effect, bytes))
        {
            case Admission.Start:
                Start(in effect);
                break;
            case Admission.Refuse:
                ((IncomingCall)effect.Argument!).Fail(new RpcException(RpcErrorType.Overloaded, "too many calls are under way on this connection"));
                ((ClientHook)effect.Subject).Release();
                break;
            default:
                break;
        }
    }
}
