using System.Diagnostics;
using System.Runtime.CompilerServices;
using Wetware.Core;
using Wetware.Rpc.Tracing;

namespace Wetware.Rpc.Hooks;

/// <summary>
/// The run of a call at a local object: its handler, the later calls that it holds back meanwhile, and the outcome of the call
/// that it handed over to, which counts once the handler has returned too. Belongs to one call, and is used again with it.
/// </summary>
internal sealed class LocalRun
{
    private readonly CallContext _call;
    private readonly Action _onHandled;
    private ValueTaskAwaiter _handler;
    private LocalHook? _target;
    private CallTurns? _held;
    private RpcMessage? _tailResults;
    private RpcException? _tailError;
    private bool _isTailSettled;
    private bool _isHandling;
    private bool _holdsLaterCalls;

    public LocalRun(CallContext call)
    {
        _call = call;
        _onHandled = Handled;
    }

    /// <summary>Starts the handler.</summary>
    public void Start(LocalHook target)
    {
        Invariant.Check(_target is null && !_isHandling);
        _target = target;
        _isHandling = true;
        target.AddReference();
        Handle(_call.Span is { } span ? DispatchIn(span, target) : Dispatch(target));
    }

    /// <summary>Lets later calls to the object wait until this one has ended, if it is running.</summary>
    public void HoldLaterCalls() => _holdsLaterCalls = _target is not null;

    /// <summary>Lets them start after all.</summary>
    public void LetLaterCallsStart() => _holdsLaterCalls = false;

    /// <summary>Keeps the outcome of the call that this one handed over to, while the handler has not returned.</summary>
    /// <param name="results">Ownership passes if it is kept.</param>
    /// <param name="error">Set if it failed.</param>
    /// <returns>False if the handler has returned: then the outcome counts at once.</returns>
    public bool KeepsOutcome(RpcMessage? results, RpcException? error)
    {
        lock (_call.Gate)
        {
            if (!_isHandling)
            {
                return false;
            }

            _tailResults = results;
            _tailError = error;
            _isTailSettled = true;
            return true;
        }
    }

    /// <summary>Ends the call with the outcome of the one that it handed over to; without such a call, with its own.</summary>
    public void End(RpcMessage? tailResults, RpcException? error)
    {
        // The object goes on first when the outcome is out, and by then this call may serve another.
        var held = _held;
        _held = null;
        _tailResults = null;
        if (error is not null)
        {
            _call.Fail(error);
        }
        else if (tailResults is not null)
        {
            _call.CompleteWith(tailResults);
        }
        else
        {
            _call.Complete();
        }

        held?.LetGo();
    }

    /// <summary>Clears it for the call's next use.</summary>
    public void Reset()
    {
        Invariant.Check(_target is null && _held is null);
        _tailError = null;
        _isTailSettled = false;
        _holdsLaterCalls = false;
    }

    private ValueTask Dispatch(LocalHook target)
    {
        try
        {
            return target.Server.DispatchAsync(_call.InterfaceId, _call.MethodId, _call);
        }
        catch (Exception error)
        {
            return ValueTask.FromException(error);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask DispatchIn(CallSpan span, LocalHook target)
    {
        var current = Activity.Current;
        Activity.Current = span.Ambient;
        try
        {
            return Dispatch(target);
        }
        finally
        {
            Activity.Current = current is { IsStopped: false } ? current : null;
        }
    }

    private void Handle(ValueTask handling)
    {
        _handler = handling.GetAwaiter();
        var isCompleted = _handler.IsCompleted;
        if (_holdsLaterCalls && (!isCompleted || _call.HasTail))
        {
            _held = _target!.HoldCalls();
        }

        if (isCompleted)
        {
            Handled();
        }
        else
        {
            _handler.UnsafeOnCompleted(_onHandled);
        }
    }

    private void Handled()
    {
        var handler = _handler;
        _handler = default;
        RpcException? error = null;
        try
        {
            handler.GetResult();
        }
        catch (Exception thrown)
        {
            error = RpcException.From(thrown);
        }

        var target = _target;
        _target = null;
        bool hasTail;
        bool isTailSettled;
        lock (_call.Gate)
        {
            _isHandling = false;
            hasTail = _call.HasTail;
            isTailSettled = _isTailSettled;
        }

        if (!hasTail)
        {
            End(null, error);
        }
        else if (isTailSettled)
        {
            End(_tailResults, _tailError);
        }

        target?.Release();
    }
}
