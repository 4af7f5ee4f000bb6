using Wetware.Core;
using Wetware.Rpc.Hooks;
using Wetware.Rpc.Tracing;
using Wetware.Rpc.Vat;

namespace Wetware.Rpc.Link;

/// <summary>Does what the tables ask for, under no lock, and lets calls of the peer wait while they are over the budget.</summary>
internal sealed class EffectRunner(InboundBudget budget, Lock gate)
{
    /// <summary>A call of the peer has been handled; lets waiting ones start.</summary>
    public void Handled(IncomingCall call)
    {
        if (budget.Done(call.Bytes))
        {
            StartWaiting();
        }
    }

    /// <summary>Starts calls that waited, as far as there is room. Only the thread that the budget gave the turn to calls it.</summary>
    public void StartWaiting()
    {
        while (budget.NextWaiting() is { } waiting)
        {
            Start(waiting);
        }
    }

    /// <summary>Runs a list, and empties it. Call it under no lock.</summary>
    public void Run(List<Effect> effects)
    {
        Invariant.Check(!gate.IsHeldByCurrentThread);
        // Running one may bring about others, but those go through lists of their own.
        for (var i = 0; i < effects.Count; i++)
        {
            Run(effects[i]);
        }

        effects.Clear();
    }

    /// <summary>The connection has ended: fails what waits.</summary>
    public void FailWaiting(CloseReason reason)
    {
        while (budget.TakeWaiting() is { } waiting)
        {
            Fail(waiting, reason);
        }
    }

    private void Run(in Effect effect)
    {
        switch (effect.Kind)
        {
            case EffectKind.Deliver:
                if (Instruments.WatchesServers)
                {
                    ((IncomingCall)effect.Argument!).BeginSpan();
                }

                Admit(in effect);
                break;
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
                var promise = (PromiseHook)effect.Subject;
                promise.Settle((ClientHook)effect.Argument!);
                promise.Release();
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
        switch (budget.Admit(in effect, bytes))
        {
            case Admission.Start:
                Start(in effect);
                break;
            case Admission.Refuse:
                ((IncomingCall)effect.Argument!).Fail(new RpcException(RpcErrorType.Overloaded,
                    "too many calls are under way on this connection"));
                ((ClientHook)effect.Subject).Release();
                break;
            default:
                break;
        }
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
}
