using Wetware.Rpc.Hooks;
using Wetware.Rpc.Vat;

namespace Wetware.Rpc.Link;

/// <summary>
/// The capabilities of one connection: pipelined on, listened to, resolved, let go; and the marks that follow their calls.
/// </summary>
internal sealed class ReferenceTraffic(LinkCore core)
{
    /// <summary>Lets a mark follow the calls to something at the far end.</summary>
    public void Pass(RemoteHook hook, IOrderMark mark)
    {
        ClientHook? next;
        mark.ComesBy(hook);
        lock (core.Gate)
        {
            next = hook.Resolution?.AddReference();
        }

        if (next is null)
        {
            mark.Arrived(hook);
        }
        else
        {
            next.Pass(mark);
            next.Release();
        }
    }

    /// <summary>Adds someone who waits for a promise of the peer.</summary>
    /// <returns>False if it has settled.</returns>
    public bool AddListener(RemoteHook hook, ISettleListener listener)
    {
        lock (core.Gate)
        {
            if (!hook.IsUnsettled)
            {
                return false;
            }

            hook.AddListener(listener);
            return true;
        }
    }

    /// <summary>A capability of the results of a question.</summary>
    /// <returns>One count is the caller's; null if the question is over.</returns>
    public PipelineHook? Pipeline(OutgoingCall call, uint version, PipelinePath path)
    {
        lock (core.Gate)
        {
            if (core.FindQuestion(call, version) is not { } question)
            {
                return null;
            }

            var hook = new PipelineHook(core, call.QuestionId, path);
            question.Pipelines.Add(hook);
            return hook;
        }
    }

    /// <summary>The last reference to something at the far end is gone.</summary>
    public void LetGo(RemoteHook hook)
    {
        lock (core.Gate)
        {
            if (core.Tables.Closed is not null)
            {
                return;
            }

            if (hook is ImportHook import)
            {
                core.Outbound.Release(import);
            }
            else if (hook is PipelineHook pipeline
                && core.Tables.Questions.TryGet(pipeline.QuestionId, out var question)
                && question.Pipelines.Remove(pipeline)
                && question.Call is null)
            {
                core.FinishIfUnwanted(pipeline.QuestionId, question);
            }
        }

        core.Flush();
    }

    /// <summary>An exported promise has settled.</summary>
    public void ExportSettled(ExportListener listener, ClientHook promise)
    {
        var effects = EffectLists.Rent();
        lock (core.Gate)
        {
            if (core.Tables.Closed is null)
            {
                core.Outbound.Resolve(listener, promise, effects);
            }
        }

        core.Effects.Run(effects);
        EffectLists.Return(effects);
        core.Flush();
    }

    /// <summary>Every call that the peer sent before its disembargo has gone ahead: sends it back.</summary>
    public void Disembargoed(uint embargoId, RemoteHook? pointsBack)
    {
        if (pointsBack is null)
        {
            core.Connection.EndWithAbort(new CloseReason(CloseKind.ProtocolError,
                "the peer broke the protocol: a disembargo names a capability that does not point back to it"));
            return;
        }

        lock (core.Gate)
        {
            if (core.Tables.Closed is null)
            {
                core.Tables.Outbox.Add(RpcMessage.NewDisembargo(pointsBack, Wire.ReceiverLoopback, embargoId));
            }
        }

        core.Flush();
    }
}
