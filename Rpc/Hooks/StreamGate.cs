using System.Diagnostics;
using System.Threading.Tasks.Sources;
using Wetware.Core;
using Wetware.Rpc.Flow;

namespace Wetware.Rpc.Hooks;

/// <summary>
/// The window of the streaming calls to one object, and those who wait for it. A call always leaves at once; what waits
/// is the caller's permission to make the next one, so a message larger than the window still goes.
/// </summary>
internal sealed class StreamGate(IFlowController flow)
{
    private readonly Lock _gate = new();
    private readonly Queue<Turn> _waiting = new();
    private TaskCompletionSource? _idle;
    private long _inFlight;
    private int _unanswered;
    private bool _wasFull;
    private RpcException? _error;

    /// <summary>The first error of the stream; null if there is none.</summary>
    public RpcException? Error => Volatile.Read(ref _error);

    /// <summary>Sends a streaming call.</summary>
    /// <param name="call">Filled in; ownership passes.</param>
    /// <param name="bytes">The size of its message.</param>
    /// <returns>Completes when the next call may be made; fails once any call of the stream has failed.</returns>
    public ValueTask SendAsync(OutgoingCall call, long bytes)
    {
        Invariant.Check(bytes > 0);
        FlowStamp stamp;
        lock (_gate)
        {
            stamp = flow.Sent(bytes, Now(), _wasFull);
            _inFlight += bytes;
            _unanswered++;
            _wasFull = false;
        }

        call.SendStreaming(this, in stamp);
        lock (_gate)
        {
            if (_error is { } error)
            {
                return ValueTask.FromException(error);
            }

            if (_inFlight < flow.WindowBytes)
            {
                return default;
            }

            _wasFull = true;
            var turn = Turn.Rent();
            _waiting.Enqueue(turn);
            return turn.Task;
        }
    }

    /// <summary>Completes when every call made so far has been answered; fails if any call of the stream failed.</summary>
    public Task WhenIdleAsync()
    {
        lock (_gate)
        {
            if (_unanswered > 0)
            {
                _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return _idle.Task;
            }

            return _error is { } error ? Task.FromException(error) : Task.CompletedTask;
        }
    }

    /// <summary>A call of the stream was answered.</summary>
    public void Returned(in FlowStamp stamp, RpcException? error)
    {
        TaskCompletionSource? idle = null;
        lock (_gate)
        {
            _inFlight -= stamp.Bytes;
            _unanswered--;
            Invariant.Check(_inFlight >= 0 && _unanswered >= 0);
            flow.Returned(in stamp, Now());
            Volatile.Write(ref _error, _error ?? error);
            if (_unanswered == 0)
            {
                (idle, _idle) = (_idle, null);
            }
        }

        while (NextTurn() is { } turn)
        {
            turn.Complete(_error);
        }

        if (_error is { } failure)
        {
            idle?.SetException(failure);
        }
        else
        {
            idle?.SetResult();
        }
    }

    private Turn? NextTurn()
    {
        lock (_gate)
        {
            var open = _error is not null || _inFlight < flow.WindowBytes;
            return open && _waiting.Count > 0 ? _waiting.Dequeue() : null;
        }
    }

    private static long Now() => (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency));

    /// <summary>One caller who waits for the window.</summary>
    private sealed class Turn : IValueTaskSource
    {
        private static readonly ObjectPool<Turn> s_pool = new(Limits.PooledObjectsMax);
        private ManualResetValueTaskSourceCore<bool> _core;

        public ValueTask Task => new(this, _core.Version);

        public static Turn Rent() => s_pool.TryRent() ?? new Turn();

        public void Complete(RpcException? error)
        {
            if (error is null)
            {
                _core.SetResult(true);
            }
            else
            {
                _core.SetException(error);
            }
        }

        public void GetResult(short token)
        {
            try
            {
                _core.GetResult(token);
            }
            finally
            {
                _core.Reset();
                s_pool.Return(this);
            }
        }

        public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);
    }
}
