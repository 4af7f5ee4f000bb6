using System.Diagnostics;
using Wetware.Core;
using Wetware.Rpc.Flow;
using Wetware.Rpc.Tracing;

namespace Wetware.Rpc.Hooks;

/// <summary>
/// One call as its caller sees it: a request being filled in, then an answer being waited for, whose results can be
/// called before they are there. Pooled. It has two owners, the user and the journey, and goes back to the pool when both
/// are done with it; <see cref="Version"/> tells a stale handle from a live one.
/// </summary>
internal sealed class OutgoingCall : CallContext
{
    private static readonly ObjectPool<OutgoingCall> s_pool = new(Limits.PooledObjectsMax);
    private static readonly Action s_settled = static () => { };

    private ClientHook? _destination;
    private CallContext? _outer;
    private StreamGate? _stream;
    private FlowStamp _stamp;
    private Action? _continuation;
    private RpcMessage? _response;
    private RpcException? _error;
    private ILink? _link;
    private CancellationTokenRegistration _abort;
    private uint _abortVersion;
    private int _owners;
    private bool _hasOutcome;
    private bool _settled;
    private bool _continuesElsewhere;

    /// <summary>The question this call became; meaningful while the connection knows it.</summary>
    public uint QuestionId { get; set; }

    /// <summary>Whether the answer is there.</summary>
    public bool IsSettled => Volatile.Read(ref _settled);

    /// <summary>
    /// Whether the peer keeps the results for itself, so that how the call ends is not heard of here. Guarded by the connection's gate.
    /// </summary>
    public bool IsAnsweredElsewhere { get; set; }

    /// <summary>Starts a request.</summary>
    public static OutgoingCall Rent(ClientHook destination, ulong interfaceId, ushort methodId)
    {
        var call = s_pool.TryRent() ?? new OutgoingCall();
        Invariant.Check(call._owners == 0);
        call._owners = 1;
        call.InterfaceId = interfaceId;
        call.MethodId = methodId;
        call._destination = destination.AddReference();
        return call;
    }

    /// <summary>A question of another kind than a call, such as the bootstrap.</summary>
    public static OutgoingCall RentBare()
    {
        var call = s_pool.TryRent() ?? new OutgoingCall();
        Invariant.Check(call._owners == 0);
        call._owners = 2;
        return call;
    }

    /// <summary>Makes the request part of the trace of the call that it passes on.</summary>
    public void Continue(CallContext outer) => Trace = outer.TraceOfCalls;

    /// <summary>The same for a call that goes on without a handler of this side: no activity of this thread is its caller.</summary>
    public void ContinueForwarded(CallContext outer)
    {
        Continue(outer);
        if (Instruments.WatchesClients)
        {
            Span = CallSpan.OfClient(null, Trace);
        }
    }

    /// <summary>The request is about to leave over a connection.</summary>
    public void Leaves(CallSpan span, PeerAddress? peer)
    {
        span.Begin(MethodNames.Find(InterfaceId, MethodId), InterfaceId, MethodId, peer);
        Trace = span.Context;
    }

    /// <summary>Sends the request.</summary>
    public void Send()
    {
        if (Instruments.WatchesClients)
        {
            Span ??= CallSpan.OfClient(Activity.Current, Trace);
        }

        Interlocked.Increment(ref _owners);
        Invariant.Check(_destination is not null && Params is not null);
        var destination = _destination;
        _destination = null;
        destination.Deliver(this);
        destination.Release();
    }

    /// <summary>Sends the request; its results will be those of <paramref name="outer"/>.</summary>
    public void SendFor(CallContext outer)
    {
        _outer = outer;
        Trace ??= outer.TraceOfCalls;
        outer.BindTail(this);
        Send();
    }

    /// <summary>Prepares a request to be sent whose results will be those of <paramref name="outer"/>.</summary>
    public void PrepareFor(CallContext outer)
    {
        _outer = outer;
        outer.BindTail(this);
        Interlocked.Increment(ref _owners);
        var destination = _destination!;
        _destination = null;
        destination.Release();
    }

    /// <summary>Sends the request as part of a stream.</summary>
    public void SendStreaming(StreamGate stream, in FlowStamp stamp)
    {
        _stream = stream;
        _stamp = stamp;
        Send();
    }

    /// <summary>Where the request will go; the hook that a stream's window belongs to.</summary>
    public ClientHook Destination => _destination!;

    /// <summary>Cancels the call when the token is.</summary>
    public void CancelWith(CancellationToken token)
    {
        if (token.CanBeCanceled)
        {
            var version = Version;
            if (token.IsCancellationRequested)
            {
                Abort(version, Canceled());
                return;
            }

            _abortVersion = version;
            _abort = token.UnsafeRegister(static state => ((OutgoingCall)state!).AbortRegistered(), this);
        }
    }

    private static RpcException Canceled() => new(RpcErrorType.Failed, "the call was canceled", null, new OperationCanceledException());

    private void AbortRegistered() => Abort(_abortVersion, Canceled());

    /// <summary>The call has become a question. Runs under the connection's gate.</summary>
    public void BindTo(ILink link, uint questionId)
    {
        lock (Gate)
        {
            Invariant.Check(_link is null && !_hasOutcome);
            _link = link;
            _continuesElsewhere = link.ContinuesElsewhere;
            QuestionId = questionId;
        }
    }

    internal override void Complete()
    {
        var results = ResultsMessage ?? RpcMessage.NewReturn();
        ResultsMessage = null;
        Settle(results, null);
    }

    internal override void Fail(RpcException error) => Settle(null, error);

    internal override void CompleteWith(RpcMessage results) => Settle(results, null);

    /// <summary>Registers the one continuation, or runs it at once.</summary>
    public void OnSettled(Action continuation)
    {
        var before = Interlocked.CompareExchange(ref _continuation, continuation, null);
        if (ReferenceEquals(before, s_settled))
        {
            continuation();
        }
        else if (before is not null)
        {
            throw new InvalidOperationException("an answer can be awaited by one at a time");
        }
    }

    /// <summary>The results, or the error as an exception.</summary>
    public RpcMessage GetResult()
    {
        if (!IsSettled)
        {
            throw new InvalidOperationException("the answer is not there yet; await it");
        }

        return _error is null ? _response! : throw _error;
    }

    /// <summary>The user is done with it. A call under way is canceled.</summary>
    public void Dispose(uint version)
    {
        if (version != Version)
        {
            return;
        }

        if (_destination is { } unsent)
        {
            _destination = null;
            unsent.Release();
        }
        else if (!IsSettled && Abandon(version))
        {
            // The connection will not come back to it, so the journey's ownership ends here too.
            Span?.End("canceled", "the answer was disposed", isCanceled: true);
            DropOwner();
        }

        lock (Gate)
        {
            Version++;
        }

        DropOwner();
    }

    /// <summary>The call whose results these would have been was canceled.</summary>
    public void CancelAsTail(uint version) => Abort(version, new RpcException("the call was canceled"));

    private protected override ClientHook? SettledAt(PipelinePath path) =>
        !_hasOutcome ? null : _error is null ? _response!.GetHook(path) : new BrokenHook(_error);

    private protected override ClientHook? RouteTo(PipelinePath path)
    {
        ILink? link;
        uint version;
        lock (Gate)
        {
            link = _link;
            version = Version;
        }

        return link?.Pipeline(this, version, path);
    }

    // A canceled question is settled here and now; a call to a local object is when its handler has noticed.
    private void Abort(uint version, RpcException error)
    {
        if (Abandon(version))
        {
            Settle(null, error);
        }
    }

    // Who aborts a call need not own it: what is canceled here must not have become another call meanwhile.
    private bool Abandon(uint version)
    {
        ILink? link;
        lock (Gate)
        {
            if (Version != version || _hasOutcome)
            {
                return false;
            }

            // The user's ownership ends with the version, so there is one now.
            Interlocked.Increment(ref _owners);
            link = _link;
        }

        Cancel();
        var isOurs = link is not null && link.Abandon(this, version);
        DropOwner();
        return isOurs;
    }

    // Calls that were pipelined on the results go ahead of those that the caller makes once it has them.
    private void Settle(RpcMessage? response, RpcException? error)
    {
        Pipelined.Entry[] waiting = [];
        lock (Gate)
        {
            Invariant.Check(!_hasOutcome);
            _response = response;
            _error = error;
            _link = null;
            _hasOutcome = true;
            if (PipelinedCount > 0)
            {
                waiting = PipelinedSoFar();
            }
        }

        Span?.End(IsAnsweredElsewhere ? null : error?.TypeName, error?.Reason, IsCanceled);
        SettleAll(waiting, response, error);
        Volatile.Write(ref _settled, true);
        Announce(response, error);
        DropOwner();
    }

    private void Announce(RpcMessage? response, RpcException? error)
    {
        if (_stream is { } stream)
        {
            stream.Returned(in _stamp, error);
            Dispose(Version);
        }
        else if (_outer is { } outer)
        {
            // The results are the other call's from here on, and what is pipelined on them is found there: this one's use is over.
            uint version;
            lock (Gate)
            {
                _response = null;
                version = ++Version;
            }

            outer.TailSettled(response, error);
            Dispose(version);
        }
        else
        {
            var isElsewhere = _continuesElsewhere;
            if (Interlocked.Exchange(ref _continuation, s_settled) is not { } continuation)
            {
                return;
            }

            if (isElsewhere)
            {
                ThreadPool.UnsafeQueueUserWorkItem(static next => next(), continuation, preferLocal: false);
            }
            else
            {
                continuation();
            }
        }
    }

    private void DropOwner()
    {
        var left = Interlocked.Decrement(ref _owners);
        Invariant.Check(left >= 0);
        if (left == 0)
        {
            Recycle();
        }
    }

    private void Recycle()
    {
        _abort.Dispose();
        _abort = default;
        _outer = null;
        _stream = null;
        _continuation = null;
        _link = null;
        _error = null;
        _hasOutcome = false;
        _settled = false;
        _continuesElsewhere = false;
        IsAnsweredElsewhere = false;
        _response?.Release();
        _response = null;
        Reset();
        s_pool.Return(this);
    }
}
