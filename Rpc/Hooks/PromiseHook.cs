namespace Wetware.Rpc.Hooks;

/// <summary>
/// A reference to something that is not known yet. Calls queue up in order and go on in order once it is known; calls
/// that come while the queue drains go behind it (E-order), and until it has drained nobody is told what the promise became:
/// a caller that knew could call that directly, and overtake. Invariant: while there is no resolution, everything goes through the queue.
/// </summary>
internal sealed class PromiseHook : ClientHook
{
    private readonly Lock _gate = new();
    private Queue<object>? _waiting;
    private List<ISettleListener>? _listeners;
    private ClientHook? _target;
    private ClientHook? _resolution;

    public override ClientHook? Resolution => Volatile.Read(ref _resolution);

    public override bool IsUnsettled => Resolution is null;

    public override RpcException? Error => Resolution?.Error;

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
            if (_resolution is null)
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

        bool isFirst;
        lock (_gate)
        {
            isFirst = _target is null;
            if (isFirst)
            {
                Volatile.Write(ref _target, target);
            }
        }

        if (!isFirst)
        {
            target.Release();
            return false;
        }

        if (Drain(target) is { } listeners)
        {
            foreach (var listener in listeners)
            {
                listener.Settled(this);
            }
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
        for (var hook = target; hook is not null; hook = hook is PromiseHook promise ? Volatile.Read(ref promise._target) : hook.Resolution)
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
            if (_resolution is not null)
            {
                return _resolution;
            }

            (_waiting ??= new Queue<object>()).Enqueue(item);
            return null;
        }
    }

    // Sends on what waits, then lets the resolution be known. Returns those who asked to be told, if any did.
    private List<ISettleListener>? Drain(ClientHook target)
    {
        while (true)
        {
            object? item;
            lock (_gate)
            {
                if (_waiting is null || !_waiting.TryDequeue(out item))
                {
                    Volatile.Write(ref _resolution, target);
                    var listeners = _listeners;
                    _listeners = null;
                    return listeners;
                }
            }

            if (item is CallContext call)
            {
                target.Deliver(call);
            }
            else
            {
                target.Pass((IOrderMark)item);
            }
        }
    }
}
