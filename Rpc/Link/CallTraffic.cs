using Wetware.Capnp;
using Wetware.Rpc.Hooks;
using Wetware.Rpc.Tracing;
using Wetware.Rpc.Vat;

namespace Wetware.Rpc.Link;

/// <summary>The calls of one connection, both ways: from hooks to the tables, and back as answers.</summary>
internal sealed class CallTraffic(LinkCore core)
{
    /// <summary>What the handlers of the peer's calls may build together before they return.</summary>
    public BuildBudget Building { get; } = new(core.Options.BuildingResultBytesMax);

    /// <summary>Whether what awaits an answer goes on on the thread pool.</summary>
    public bool ContinuesElsewhere { get; } = core.Options.RunContinuationsAsynchronously;

    /// <summary>Where the peer is, for spans; null if that is not known.</summary>
    public PeerAddress? Peer { get; } = PeerAddress.Of(core.Transport.Peer);

    /// <summary>Why the peer may not be given further capabilities; null if it may.</summary>
    public RpcException? RefusalToExport(int count)
    {
        if (count == 0)
        {
            return null;
        }

        lock (core.Gate)
        {
            return HasRoomFor(count) ? null : TooManyExports();
        }
    }

    /// <summary>Brings a call to something at the far end.</summary>
    public void Deliver(RemoteHook hook, CallContext call)
    {
        if (hook.Resolution is { } resolution)
        {
            // As it is, so that a call that goes back to its sender from there still goes as a tail call.
            resolution.Deliver(call);
        }
        else if (call is IncomingCall incoming)
        {
            Forward(hook, incoming);
        }
        else
        {
            Send(hook, (OutgoingCall)call, null);
        }
    }

    /// <summary>The caller of a question has lost interest.</summary>
    /// <returns>Whether the question was still open: then nobody else completes the call.</returns>
    public bool Abandon(OutgoingCall call, uint version)
    {
        lock (core.Gate)
        {
            if (core.FindQuestion(call, version) is not { } question)
            {
                return false;
            }

            question.Call = null;
            core.FinishIfUnwanted(call.QuestionId, question);
        }

        core.Flush();
        return true;
    }

    /// <summary>Answers a call of the peer.</summary>
    public void Return(IncomingCall call, RpcMessage? results, RpcException? error)
    {
        var effects = EffectLists.Rent();
        var told = core.Options.SendTraces ? error?.WithTrace() : error;
        lock (core.Gate)
        {
            if (core.Tables.Closed is null && !call.IsForgotten && !call.IsReturned)
            {
                core.Outbound.Return(call, results, told, effects);
            }
        }

        core.Effects.Run(effects);
        EffectLists.Return(effects);
        core.Flush();
        core.EndIfFull();
    }

    /// <summary>A question is answered by the results of a call that the peer made here.</summary>
    public void CompleteFromElsewhere(QuestionTaker taker, RpcMessage? results, RpcException? error)
    {
        var effects = EffectLists.Rent();
        lock (core.Gate)
        {
            core.Inbound.Taken(taker, results, error, effects);
        }

        core.Effects.Run(effects);
        EffectLists.Return(effects);
        core.Flush();
    }

    // A call of the peer that turns out to be for something at the far end of this connection goes back as a tail call, so
    // that its results never come here; for another connection it is made anew.
    private void Forward(RemoteHook hook, IncomingCall call)
    {
        var tail = OutgoingCall.Rent(hook, call.InterfaceId, call.MethodId);
        tail.ContinueForwarded(call);
        tail.Params = call.Params!.CopyParams(call.InterfaceId, call.MethodId);
        call.ReleaseParams();
        if (ReferenceEquals(call.Link, core) && !call.KeepsResults && !call.IsOnlyPipelined)
        {
            tail.PrepareFor(call);
            Send(hook, tail, call);
        }
        else
        {
            tail.SendFor(call);
        }
    }

    private void Send(RemoteHook hook, OutgoingCall call, IncomingCall? tailOf)
    {
        ClientHook? next = null;
        RpcException? error = null;
        if (call.Span is { } span)
        {
            call.Leaves(span, Peer);
        }

        var effects = EffectLists.Rent();
        lock (core.Gate)
        {
            if (hook.Resolution is { } resolution)
            {
                next = resolution.AddReference();
            }
            else if (Refusal(call) is { } refusal)
            {
                error = refusal;
            }
            else
            {
                var asTail = tailOf is { IsForgotten: false, IsReturned: false };
                var id = core.Outbound.Call(hook, call, asTail, effects);
                call.BindTo(core, id);
                if (asTail)
                {
                    core.Outbound.ReturnFromOther(tailOf!, id);
                    tailOf!.IsTailed = true;
                }
            }
        }

        if (next is not null)
        {
            next.Deliver(call);
            next.Release();
        }
        else if (error is not null)
        {
            call.Fail(error);
        }
        else
        {
            core.Effects.Run(effects);
            call.ForwardPipelined();
            core.Flush();
        }

        EffectLists.Return(effects);
    }

    private RpcException? Refusal(OutgoingCall call) =>
        core.Tables.Closed is { } closed ? closed.ToException()
        : call.IsCanceled ? new RpcException("the call was canceled")
        : core.Tables.Questions.Count >= core.Options.OutstandingCallsMax
            ? Overloaded("too many calls wait for the peer, which does not answer")
        : core.Tables.Outbox.Bytes > core.Options.SendQueueBytesMax
            ? Overloaded("too much waits to be sent to the peer, which does not read")
        : !HasRoomFor(call.Params!.CapabilityCount) ? TooManyExports()
        : null;

    private static RpcException TooManyExports() => Overloaded("the peer holds too many capabilities of this side, and releases none");

    private static RpcException Overloaded(string reason) => new(RpcErrorType.Overloaded, reason);

    // Counts capabilities that were sent before, and those of the peer itself, too: only a peer that leaks comes so near to the limit.
    private bool HasRoomFor(int capabilities) => capabilities == 0 || core.Tables.Exports.Count + capabilities <= core.Options.ExportsMax;
}
