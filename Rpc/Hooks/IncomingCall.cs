using Wetware.Core;
using Wetware.Rpc.Tracing;

namespace Wetware.Rpc.Hooks;

/// <summary>
/// One call that a peer made: the entry of its answer table. Pooled. Its owners are the table, until the peer has
/// finished with it, and the journey, until it is handled. What is marked so is guarded by the connection's gate.
/// </summary>
internal sealed class IncomingCall : CallContext
{
    private static readonly ObjectPool<IncomingCall> s_pool = new(Limits.PooledObjectsMax);

    private ILink? _link;
    private RpcException? _error;
    private Taker? _taker;
    private int _owners;
    private bool _settled;

    /// <summary>Whose call it is.</summary>
    public ILink Link => _link!;

    /// <summary>The peer's question id.</summary>
    public uint AnswerId { get; private set; }

    /// <summary>The bytes that it counts for in the budget of calls in progress.</summary>
    public long Bytes { get; private set; }

    /// <summary>The bytes of its results that are kept until the peer finishes it. Guarded by the connection's gate.</summary>
    public long HeldBytes { get; set; }

    /// <summary>Whether the peer wants the results kept here, to be taken by a question of this side.</summary>
    public bool KeepsResults { get; private set; }

    /// <summary>Whether the peer only calls what the results will hold, and wants no Return. Guarded by the connection's gate.</summary>
    public bool IsOnlyPipelined { get; set; }

    /// <summary>Whether a question of this side has been promised the results. Guarded by the connection's gate.</summary>
    public bool IsTaken { get; set; }

    /// <summary>Whether the table has let go of it. Guarded by the connection's gate.</summary>
    public bool IsForgotten { get; set; }

    /// <summary>Whether it was handed on to the same peer, which takes the results from there. Guarded by the connection's gate.</summary>
    public bool IsTailed { get; set; }

    /// <summary>Exports that went along with the results, one entry per reference. Guarded by the connection's gate.</summary>
    public List<uint> ResultExports { get; } = [];

    /// <summary>Whether Return was sent. Guarded by the connection's gate.</summary>
    public bool IsReturned { get; set; }

    /// <summary>Starts an answer.</summary>
    public static IncomingCall Rent(ILink link, uint answerId, ulong interfaceId,
        ushort methodId, RpcMessage? parameters, bool keepsResults)
    {
        var call = s_pool.TryRent() ?? new IncomingCall();
        Invariant.Check(call._owners == 0);
        call._owners = 2;
        call._link = link;
        call.AnswerId = answerId;
        call.InterfaceId = interfaceId;
        call.MethodId = methodId;
        call.Params = parameters;
        call.Bytes = parameters?.SizeBytes ?? 0;
        call.KeepsResults = keepsResults;
        call.IsOnlyPipelined = false;
        call.IsForgotten = false;
        call.HeldBytes = 0;
        call.IsTailed = false;
        call.IsTaken = false;
        call.ResultExports.Clear();
        call.IsReturned = false;
        return call;
    }

    /// <summary>Takes the place in a trace that the call came with; it counts in the budget as the parameters do.</summary>
    public void Carries(TraceContext trace)
    {
        Invariant.Check(Trace is null && Span is null);
        Trace = trace;
        Bytes += trace.HeapBytes;
    }

    /// <summary>Starts the span of this side. Somebody listens.</summary>
    public void BeginSpan()
    {
        Span = CallSpan.OfServer(Trace);
        Span.Begin(MethodNames.Find(InterfaceId, MethodId), InterfaceId, MethodId, _link!.Peer);
    }

    /// <summary>Adds an owner, so that it cannot be recycled under a lock's back.</summary>
    public void AddOwner()
    {
        var now = Interlocked.Increment(ref _owners);
        Invariant.Check(now > 1);
    }

    /// <summary>One owner is done with it.</summary>
    public void DropOwner()
    {
        var left = Interlocked.Decrement(ref _owners);
        Invariant.Check(left >= 0);
        if (left == 0)
        {
            Recycle();
        }
    }

    /// <summary>Lets a question of this side have the results, now or once they are there. Runs under no lock.</summary>
    public void GiveTo(Taker taker)
    {
        lock (Gate)
        {
            if (!_settled)
            {
                _taker = taker;
                return;
            }
        }

        Hand(taker);
    }

    internal override void Complete()
    {
        var results = ResultsMessage ?? RpcMessage.NewReturn();
        ResultsMessage = null;
        CompleteWith(results);
    }

    internal override void CompleteWith(RpcMessage results)
    {
        // What came over a wire is laid out for that wire; what leaves over another is laid out anew.
        if (!results.IsBuilder)
        {
            var copy = results.CopyResults();
            results.Release();
            results = copy;
        }

        Settle(results, null);
    }

    internal override void Fail(RpcException error)
    {
        // What was built of the results will not be sent.
        var unsent = ResultsMessage;
        ResultsMessage = null;
        unsent?.Release();
        Settle(null, error);
    }

    private protected override RpcMessage NewResults() => RpcMessage.NewReturn(_link!.Building);

    private protected override ClientHook? SettledAt(PipelinePath path) =>
        !_settled ? null : _error is null ? ResultsMessage!.GetHook(path) : new BrokenHook(_error);

    private void Settle(RpcMessage? results, RpcException? error)
    {
        ReleaseParams();
        results?.LeaveBudget();
        if (results is not null && _link!.RefusalToExport(results.CapabilityCount) is { } refusal)
        {
            results.Release();
            (results, error) = (null, refusal);
        }

        Pipelined.Entry[] waiting = [];
        Taker? taker;
        lock (Gate)
        {
            Invariant.Check(!_settled);
            ResultsMessage = results;
            _error = error;
            _settled = true;
            taker = _taker;
            if (PipelinedCount > 0)
            {
                waiting = PipelinedSoFar();
            }
        }

        // What was called on the results goes ahead of what the peer calls once it knows them.
        // What was handed on to the peer ends there: here its call is only dropped.
        Span?.End(IsTailed ? null : error?.TypeName, error?.Reason, IsCanceled);
        Span = null;
        Trace = null;
        SettleAll(waiting, results, error);
        _link!.Return(this, results, error);
        if (taker is not null)
        {
            Hand(taker);
        }

        _link.Handled(this);
        DropOwner();
    }

    private void Hand(Taker taker) => _link!.CompleteFromElsewhere(taker, _error is null ? ResultsMessage!.Share() : null, _error);

    private void Recycle()
    {
        lock (Gate)
        {
            Version++;
        }

        _link = null;
        _error = null;
        _taker = null;
        _settled = false;
        Reset();
        s_pool.Return(this);
    }
}
