using Wetware.Core;

namespace Wetware.Rpc.Hooks;

/// <summary>
/// A reference to something that is not known yet. Calls queue up in order and go on in order once it is known; calls
/// that come while the queue drains go behind it (E-order). Invariant: while <see cref="_draining"/> or while there is
/// no target, everything goes through the queue.
/// </summary>
internal sealed class PromiseHook : ClientHook
{
    private readonly Lock _gate = new();
    private Queue<object>? _waiting;
    private List<ISettleListener>? _listeners;
    private ClientHook? _target;
    private bool _draining;

    public override ClientHook? Resolution => Volatile.Read(ref _target);

    public override bool IsUnsettled => Volatile.Read(ref _target) is null;

    public override RpcException? Error => Volatile.Read(ref _target)?.Error;

    public override void Deliver(CallContext call)
    {
        if (Enqueued(call) is { } target)
        {
            target.Deliver(call);
        }
    }

    public override void Pass(IOrderMark mark)
    {
        if (Enqueued(mark) is { } target)
        {
            target.Pass(mark);
        }
    }

    public override void WhenSettled(ISettleListener listener)
    {
        lock (_gate)
        {
            if (_target is null)
            {
                (_listeners ??= []).Add(listener);
                return;
            }
        }

        listener.Settled(this);
    }

    /// <summary>Settles the promise. A second settling is ignored: the first one wins.</summary>
    /// <param name="target">What it is; one count passes to the promise.</param>
    /// <returns>Whether this was the first settling.</returns>
    public bool Settle(ClientHook target)
    {
        if (LeadsHere(target))
        {
            target.Release();
            target = new BrokenHook(new RpcException("a promise was resolved to itself"));
        }

        List<ISettleListener>? listeners;
        lock (_gate)
        {
            if (_target is not null)
            {
                listeners = null;
            }
            else
            {
                Volatile.Write(ref _target, target);
                listeners = _listeners;
                _listeners = null;
                _draining = true;
                target = this;
            }
        }

        if (!ReferenceEquals(target, this))
        {
            target.Release();
            return false;
        }

        Drain();
        foreach (var listener in listeners ?? [])
        {
            listener.Settled(this);
        }

        return true;
    }

    protected override void LetGo()
    {
        // A queued call holds its target, so nothing can be waiting once the last count is gone; but an abandoned
        // promise may still be settled later, and must then give the target back.
        ClientHook? target;
        lock (_gate)
        {
            target = _target;
            _target ??= new BrokenHook(RpcException.Disconnected("the promise was dropped"));
        }

        target?.Release();
    }

    private bool LeadsHere(ClientHook target)
    {
        for (var hook = target; hook is not null; hook = hook.Resolution)
        {
            if (ReferenceEquals(hook, this))
            {
                return true;
            }
        }

        return false;
    }

    private ClientHook? Enqueued(object item)
    {
        lock (_gate)
        {
            if (_target is not null && !_draining)
            {
                return _target;
            }

            (_waiting ??= new Queue<object>()).Enqueue(item);
            return null;
        }
    }

    private void Drain()
    {
        while (Next() is { } item)
        {
            if (item is CallContext call)
            {
                _target!.Deliver(call);
            }
            else
            {
                _target!.Pass((IOrderMark)item);
            }
        }
    }

    private object? Next()
    {
        lock (_gate)
        {
            Invariant.Check(_draining);
            if (_waiting is not null && _waiting.TryDequeue(out var item))
            {
                return item;
            }

            _draining = false;
            return null;
        }
    }
}
