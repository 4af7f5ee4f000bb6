using System.Diagnostics.CodeAnalysis;
using Wetware.Core;
using Wetware.Capnp;
using Wetware.Rpc.Hooks;
using Wetware.Rpc.Tracing;
using Wetware.Rpc.Vat;

namespace Wetware.Rpc;

/// <summary>
/// One call as its callee sees it: parameters in, results out. Pooled: valid until the handler's task completes. The
/// handler's own; not safe to use from several threads at once.
/// </summary>
[SuppressMessage("Design", "CA1001",
    Justification = "A pooled object: the source is reset for the next use, or disposed once it was canceled.")]
public abstract class CallContext
{
    private readonly Lock _gate = new();
    private LocalRun? _run;
    private CallTurns? _waitsFor;
    private LinkedListNode<CallContext>? _place;
    private CancellationTokenSource? _cancellation;
    private Pipelined _pipelined;
    private OutgoingCall? _tail;
    private uint _tailVersion;
    private bool _canceled;

    private protected CallContext()
    {
    }

    /// <summary>The interface that declares the method.</summary>
    public ulong InterfaceId { get; private protected set; }

    /// <summary>The method's ordinal.</summary>
    public ushort MethodId { get; private protected set; }

    /// <summary>Signaled when the caller no longer wants the results, or is gone.</summary>
    public CancellationToken Cancellation
    {
        get
        {
            lock (_gate)
            {
                if (_cancellation is null)
                {
                    _cancellation = new CancellationTokenSource();
                    if (_canceled)
                    {
                        _cancellation.Cancel();
                    }
                }

                return _cancellation.Token;
            }
        }
    }

    /// <summary>Whether the caller no longer wants the results; cheaper to ask than <see cref="Cancellation"/>.</summary>
    public bool IsCanceled => Volatile.Read(ref _canceled);

    /// <summary>Grows with each use of this object; tells a stale handle from a live one.</summary>
    internal uint Version { get; private protected set; } = 1;

    /// <summary>The parameters' message; null once released.</summary>
    internal RpcMessage? Params { get; set; }

    /// <summary>The results' message; null until asked for.</summary>
    internal RpcMessage? ResultsMessage { get; set; }

    /// <summary>The place in a distributed trace that the call carries, or is to carry; null if it carries none.</summary>
    internal TraceContext? Trace { get; set; }

    /// <summary>This end of the call as listeners see it; null while nobody listens.</summary>
    internal CallSpan? Span { get; private protected set; }

    /// <summary>The place in a distributed trace of what this call brings about.</summary>
    internal TraceContext? TraceOfCalls => Span is { } span ? span.Context : Trace;

    /// <summary>Where the call waits among others for its turn at a local object; kept for reuse.</summary>
    internal LinkedListNode<CallContext> Place => _place ??= new LinkedListNode<CallContext>(this);

    /// <summary>Guards everything of this call that more than one thread touches. Taken after a connection's gate, never before.</summary>
    internal Lock Gate => _gate;

    /// <summary>Whether another call was made whose results will be this one's.</summary>
    internal bool HasTail => _tail is not null;

    /// <summary>The parameters: AnyPointer. Capabilities in them are borrowed.</summary>
    /// <exception cref="ObjectDisposedException">They were released.</exception>
    public PointerReader Parameters => (Params ?? throw new ObjectDisposedException(nameof(Parameters))).ContentReader;

    /// <summary>Where the results go: AnyPointer.</summary>
    public PointerBuilder Results => (ResultsMessage ??= NewResults()).Content;

    /// <summary>The parameters as what the schema says they are.</summary>
    public TParams ReadParams<TParams>()
        where TParams : struct, IStructReader<TParams>
        => TParams.Read(Parameters);

    /// <summary>Makes the results' struct.</summary>
    public TResults InitResults<TResults>()
        where TResults : struct, IStructBuilder<TResults>
        => TResults.Wrap(Results.InitStruct(TResults.Size));

    /// <summary>Fails the call as unimplemented.</summary>
    public ValueTask UnimplementedAsync() => ValueTask.FromException(RpcException.Unimplemented(InterfaceId, MethodId));

    /// <summary>Frees the parameters early; a long-running handler does this to save its caller's budget.</summary>
    public void ReleaseParams()
    {
        var done = Params;
        Params = null;
        done?.Release();
    }

    /// <summary>
    /// Makes the results of another call the results of this one. The results do not come by here if both calls are
    /// with the same peer. Return from the handler afterwards.
    /// </summary>
    /// <param name="request">Sent by this method.</param>
    public void TailCall(in Request request)
    {
        Invariant.Check(_tail is null && ResultsMessage is null);
        request.SendTail(this);
    }

    /// <summary>Starts the call at a local object.</summary>
    internal void Run(LocalHook target)
    {
        if (IsCanceled)
        {
            Fail(new RpcException("the call was canceled"));
            return;
        }

        (_run ??= new LocalRun(this)).Start(target);
    }

    /// <summary>
    /// Lets later calls to the same object wait until this one has ended, as the calls of a stream (<c>-> stream</c>) do; generated
    /// dispatchers say so. Say it before the first await; a call that ends before one holds nothing up.
    /// </summary>
    public void HoldLaterCalls() => _run?.HoldLaterCalls();

    /// <summary>
    /// Undoes <see cref="HoldLaterCalls"/>: the handler has taken in what the call brought, and lets only its sender wait. Later calls then
    /// start in their order while this one's return is still to come, also those that arrived before their connection ended. Say it before
    /// the first await.
    /// </summary>
    public void LetLaterCallsStart() => _run?.LetLaterCallsStart();

    /// <summary>The call is about to wait for its turn at a local object.</summary>
    /// <returns>False if it was canceled: then it need not wait.</returns>
    internal bool BeginsToWait(CallTurns turns)
    {
        lock (_gate)
        {
            Invariant.Check(_waitsFor is null);
            _waitsFor = _canceled ? null : turns;
            return !_canceled;
        }
    }

    /// <summary>Its turn has come, or never will.</summary>
    internal void EndsToWait()
    {
        lock (_gate)
        {
            Invariant.Check(_waitsFor is not null);
            _waitsFor = null;
        }
    }

    /// <summary>
    /// The capability at a path of the results, which need not be there yet. Borrowed from the call, which the caller owns. Call it under
    /// no lock.
    /// </summary>
    internal Capability GetPipelined(PipelinePath path)
    {
        Capability capability;
        lock (_gate)
        {
            capability = Pipeline(path);
        }

        ForwardPipelined();
        return capability;
    }

    /// <summary>
    /// The same for those who do not own the call, which may go on to its next use at any moment, or hold a lock; they call
    /// <see cref="ForwardPipelined"/> once they hold none.
    /// </summary>
    /// <param name="path">Where in the results.</param>
    /// <param name="version">Which use of this object is meant.</param>
    /// <returns>One count is the caller's; null if that use is over.</returns>
    internal ClientHook? FindPipelined(PipelinePath path, uint version)
    {
        lock (_gate)
        {
            return Version == version ? Pipeline(path).Hook.AddReference() : null;
        }
    }

    /// <summary>
    /// Points what was pipelined, and waits, to where the results will come from, if that is known. Call it under no lock.
    /// </summary>
    internal void ForwardPipelined()
    {
        OutgoingCall? tail;
        uint version;
        Pipelined.Entry[] entries;
        lock (_gate)
        {
            if (_pipelined.Count == 0)
            {
                return;
            }

            tail = _tail;
            version = _tailVersion;
            entries = _pipelined.ToArray();
        }

        foreach (var entry in entries)
        {
            if (!entry.IsOpen)
            {
                continue;
            }

            var hook = tail is null ? RouteTo(entry.Path) : tail.FindPipelined(entry.Path, version);
            if (hook is not null)
            {
                entry.Settle(hook);
            }
        }

        if (tail is not null && tail.Version == version)
        {
            tail.ForwardPipelined();
        }
    }

    /// <summary>The call has been handled; sends or hands over the results.</summary>
    internal abstract void Complete();

    /// <summary>The call failed; sends or hands over the error.</summary>
    internal abstract void Fail(RpcException error);

    /// <summary>The results came from elsewhere, as a message of their own.</summary>
    /// <param name="results">Ownership passes.</param>
    internal abstract void CompleteWith(RpcMessage results);

    /// <summary>The call that this one handed over to has ended. Its outcome counts once the handler has returned too.</summary>
    internal void TailSettled(RpcMessage? results, RpcException? error)
    {
        // Also of a call that went on without a handler of this side: forwarded ones do.
        var run = _run ??= new LocalRun(this);
        if (!run.KeepsOutcome(results, error))
        {
            run.End(results, error);
        }
    }

    /// <summary>The caller lost interest.</summary>
    internal void Cancel()
    {
        CancellationTokenSource? source;
        OutgoingCall? tail;
        uint version;
        CallTurns? waitsFor;
        lock (_gate)
        {
            _canceled = true;
            source = _cancellation;
            tail = _tail;
            version = _tailVersion;
            waitsFor = _waitsFor;
        }

        source?.Cancel();
        tail?.CancelAsTail(version);
        waitsFor?.Dismiss(this);
    }

    /// <summary>Links the call whose results will be this one's.</summary>
    internal void BindTail(OutgoingCall tail)
    {
        lock (_gate)
        {
            _tail = tail;
            _tailVersion = tail.Version;
        }

        ForwardPipelined();
    }

    /// <summary>A message for the results.</summary>
    private protected virtual RpcMessage NewResults() => RpcMessage.NewReturn();

    /// <summary>What is at a path, if the outcome is there; one count is the caller's. Runs under the call's gate.</summary>
    private protected abstract ClientHook? SettledAt(PipelinePath path);

    /// <summary>A way to what will be at a path, if calls can be sent after the question already. Runs under no lock.</summary>
    private protected virtual ClientHook? RouteTo(PipelinePath path) => null;

    /// <summary>Everything that was pipelined so far. Call it under the gate.</summary>
    private protected Pipelined.Entry[] PipelinedSoFar() => _pipelined.ToArray();

    /// <summary>Lets what was called on the results go on to where they lead, in its order. Call it under no lock.</summary>
    private protected static void SettleAll(Pipelined.Entry[] waiting, RpcMessage? results, RpcException? error)
    {
        foreach (var entry in waiting)
        {
            if (entry.IsOpen)
            {
                entry.Settle(error is null ? results!.GetHook(entry.Path) : new BrokenHook(error));
            }
        }
    }

    /// <summary>How many capabilities were pipelined so far. Call it under the gate.</summary>
    private protected int PipelinedCount => _pipelined.Count;

    /// <summary>Clears the call for its next use.</summary>
    private protected void Reset()
    {
        Invariant.Check(_waitsFor is null);
        ReleaseParams();
        ResultsMessage?.Release();
        ResultsMessage = null;
        _tail = null;
        _canceled = false;
        Trace = null;
        Span = null;
        _run?.Reset();
        if (_cancellation is not null && !_cancellation.TryReset())
        {
            _cancellation.Dispose();
            _cancellation = null;
        }

        List<Capability>? pipelined = null;
        _pipelined.TakeAll(ref pipelined);
        if (pipelined is not null)
        {
            foreach (var capability in pipelined)
            {
                capability.Dispose();
            }
        }
    }

    private Capability Pipeline(PipelinePath path)
    {
        if (_pipelined.Find(path) is { } known)
        {
            return known;
        }

        // A promise has two counts: one for the handle, one for the call that settles it.
        var hook = SettledAt(path) ?? new PromiseHook().AddReference();
        var made = new Capability(hook);
        _pipelined.Add(path, hook, made);
        return made;
    }
}
