using Wetware.Core;
using Wetware.Rpc.Flow;

namespace Wetware.Rpc.Hooks;

/// <summary>
/// What a reference points at: a local object, something at the far end of a connection, a promise, an error.
/// Reference-counted by hand: each place that stores a hook owns one count. Safe to use from any thread. Invariant: the count never
/// rises from zero again.
/// </summary>
internal abstract class ClientHook
{
    private int _references = 1;
    private StreamGate? _stream;

    /// <summary>What this hook has settled to; null while it is a promise or if it never was one. Borrowed.</summary>
    public virtual ClientHook? Resolution => null;

    /// <summary>Whether calls here wait, or may take another way later on.</summary>
    public virtual bool IsUnsettled => false;

    /// <summary>The error that every call here meets, if that is known.</summary>
    public virtual RpcException? Error => null;

    /// <summary>The window that streaming calls to this hook share.</summary>
    public StreamGate Stream => Resolution?.Stream ?? _stream ?? MakeStream();

    /// <summary>Takes over a call and brings it to the object that answers it, after every call delivered here before.</summary>
    /// <param name="call">Owned by the hook from now on; completed exactly once.</param>
    public abstract void Deliver(CallContext call);

    /// <summary>Lets a mark pass behind every call delivered here before, and reports where it came out.</summary>
    /// <param name="mark">Passed on once.</param>
    public virtual void Pass(IOrderMark mark) => mark.Arrived(this);

    /// <summary>Asks to be told once, when a promise settles; at once if it has settled.</summary>
    /// <param name="listener">Called on the thread that settles the promise, under no lock.</param>
    public virtual void WhenSettled(ISettleListener listener) => listener.Settled(this);

    /// <summary>Adds a count.</summary>
    public ClientHook AddReference()
    {
        var now = Interlocked.Increment(ref _references);
        Invariant.Check(now > 1);
        return this;
    }

    /// <summary>Adds a count unless the last one is gone.</summary>
    public bool TryAddReference()
    {
        var seen = Volatile.Read(ref _references);
        while (seen > 0)
        {
            var before = Interlocked.CompareExchange(ref _references, seen + 1, seen);
            if (before == seen)
            {
                return true;
            }

            seen = before;
        }

        return false;
    }

    /// <summary>Gives a count back; the last one lets go of what is behind. Call it under no lock.</summary>
    public void Release()
    {
        var left = Interlocked.Decrement(ref _references);
        Invariant.Check(left >= 0);
        if (left == 0)
        {
            LetGo();
        }
    }

    /// <summary>The hook at the end of the chain of settled promises. Borrowed.</summary>
    public ClientHook Innermost()
    {
        var hook = this;
        while (hook.Resolution is { } next)
        {
            hook = next;
        }

        return hook;
    }

    /// <summary>The error of a streaming call that went this way before it was known where it leads; null if there is none.</summary>
    public RpcException? StreamError
    {
        get
        {
            for (var hook = this; hook is not null; hook = hook.Resolution)
            {
                if (Volatile.Read(ref hook._stream)?.Error is { } error)
                {
                    return error;
                }
            }

            return null;
        }
    }

    /// <summary>Completes when every streaming call made so far has been answered; fails if one of them failed.</summary>
    public async Task WhenStreamIdleAsync()
    {
        // Calls that waited for a promise went through a window of its own.
        for (var hook = this; hook is not null; hook = hook.Resolution)
        {
            if (Volatile.Read(ref hook._stream) is { } stream)
            {
                await stream.WhenIdleAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>What decides how wide the window of <see cref="Stream"/> is.</summary>
    protected virtual IFlowController NewFlowController() => new FixedWindow(Limits.WindowBytesMin);

    /// <summary>The last count is gone.</summary>
    protected abstract void LetGo();

    private StreamGate MakeStream()
    {
        var made = new StreamGate(NewFlowController());
        return Interlocked.CompareExchange(ref _stream, made, null) ?? made;
    }
}
