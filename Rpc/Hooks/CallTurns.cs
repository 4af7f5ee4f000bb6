using Wetware.Core;

namespace Wetware.Rpc.Hooks;

/// <summary>
/// The order of the calls to one local object while a streaming call is running there: calls that come meanwhile wait, and
/// start one after another once it has ended, up to the next streaming one. Invariant: a call waits only while
/// <see cref="_isHeld"/>, and nothing starts ahead of what waits.
/// </summary>
internal sealed class CallTurns(LocalHook hook)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<CallContext> _waiting = new();
    private int _holders;
    private bool _isHeld;
    private bool _isDraining;

    /// <summary>Later calls wait from now on, until <see cref="LetGo"/>.</summary>
    public void Hold()
    {
        hook.AddReference();
        lock (_gate)
        {
            _holders++;
            Volatile.Write(ref _isHeld, true);
        }
    }

    /// <summary>Takes a call whose turn has not come.</summary>
    /// <returns>False if it may start.</returns>
    public bool TryQueue(CallContext call)
    {
        if (!Volatile.Read(ref _isHeld))
        {
            return false;
        }

        lock (_gate)
        {
            if (!_isHeld || !call.BeginsToWait(this))
            {
                return false;
            }

            hook.AddReference();
            _waiting.AddLast(call.Place);
            return true;
        }
    }

    /// <summary>A call that later ones waited for has ended: starts them.</summary>
    public void LetGo()
    {
        bool drains;
        lock (_gate)
        {
            Invariant.Check(_holders > 0 && _isHeld);
            _holders--;
            drains = _holders == 0 && !_isDraining;
            _isDraining |= drains;
        }

        while (drains && Next() is { } call)
        {
            call.EndsToWait();
            call.Run(hook);
            hook.Release();
        }

        hook.Release();
    }

    /// <summary>Fails a call that waits, if it still does: its caller lost interest.</summary>
    public void Dismiss(CallContext call)
    {
        lock (_gate)
        {
            if (call.Place.List is null)
            {
                return;
            }

            _waiting.Remove(call.Place);
        }

        call.EndsToWait();
        call.Fail(new RpcException("the call was canceled"));
        hook.Release();
    }

    private CallContext? Next()
    {
        lock (_gate)
        {
            Invariant.Check(_isDraining);
            if (_holders == 0 && _waiting.First is { } first)
            {
                _waiting.RemoveFirst();
                return first.Value;
            }

            Invariant.Check(_holders > 0 || _waiting.Count == 0);
            _isDraining = false;
            Volatile.Write(ref _isHeld, _holders > 0);
            return null;
        }
    }
}
