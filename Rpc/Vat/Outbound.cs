using Wetware.Core;
using Wetware.Rpc.Hooks;

namespace Wetware.Rpc.Vat;

/// <summary>What this side says: calls, returns, finishes, releases, resolutions. Runs under the connection's gate.</summary>
internal sealed class Outbound(Tables tables, Descriptors descriptors)
{
    /// <summary>Asks for the peer's bootstrap capability.</summary>
    /// <returns>The question, which the call must be bound to before the gate is let go.</returns>
    public uint Bootstrap(OutgoingCall call)
    {
        var id = AddQuestion(call);
        tables.Outbox.Add(RpcMessage.NewBootstrap(id));
        return id;
    }

    /// <summary>Sends a call.</summary>
    /// <param name="target">Not redirected.</param>
    /// <param name="call">Its parameters' message passes.</param>
    /// <param name="keepResults">Whether the peer is to keep the results, for a Return of this side to name them.</param>
    /// <param name="effects">Gets the promises to listen to.</param>
    /// <returns>The question, which the call must be bound to before the gate is let go.</returns>
    public uint Call(RemoteHook target, OutgoingCall call, bool keepResults, List<Effect> effects)
    {
        Invariant.Check(target.Resolution is null && call.Params is not null);
        var message = call.Params;
        call.Params = null;
        if (call.Trace is { } trace)
        {
            message.WriteTrace(trace);
        }

        var id = AddQuestion(call);
        tables.Questions.TryGet(id, out var question);
        question!.IsTail = keepResults;
        var wire = message.Call;
        wire.SetUInt32(Wire.CallQuestionId, id);
        if (keepResults)
        {
            wire.SetUInt16(Wire.CallSendResultsTo, Wire.ToYourself);
        }

        Wire.WriteTarget(wire.GetPointer(Wire.CallTarget).GetStruct(Wire.OneWordOnePointer), target);
        descriptors.Write(message, question.ParamExports, effects);
        target.HasBeenCalled = true;
        message.Seal();
        tables.Outbox.Add(message);
        return id;
    }

    /// <summary>Answers a call.</summary>
    /// <param name="call">Not forgotten, not returned.</param>
    /// <param name="results">Borrowed; null if it failed.</param>
    /// <param name="error">Set if it failed.</param>
    /// <param name="effects">Gets the promises to listen to.</param>
    public void Return(IncomingCall call, RpcMessage? results, RpcException? error, List<Effect> effects)
    {
        Invariant.Check(!call.IsReturned && !call.IsForgotten);
        call.IsReturned = true;
        if (call.IsOnlyPipelined)
        {
            return;
        }

        if (call.KeepsResults)
        {
            // They are kept for the question that will name this answer; an error is one of the results.
            Hold(call, results?.SizeBytes ?? 0);
            tables.Outbox.Add(RpcMessage.NewBareReturn(call.AnswerId, Wire.ResultsSentElsewhere));
            return;
        }

        if (error is not null)
        {
            tables.Outbox.Add(RpcMessage.NewErrorReturn(call.AnswerId, error));
            return;
        }

        var hasCapabilities = descriptors.Write(results!, call.ResultExports, effects);
        var wire = results!.Return;
        wire.SetUInt32(Wire.ReturnAnswerId, call.AnswerId);
        wire.SetBool(Wire.ReturnKeepParamCaps, true);
        if (!hasCapabilities && call.AnswerId < Limits.TableSlotsDense)
        {
            wire.SetBool(Wire.ReturnNoFinishNeeded, true);
            tables.EarlyDropped.Add(call.AnswerId);
            Forget(call, effects);
        }

        results.Seal();
        if (!call.IsForgotten)
        {
            Hold(call, results.SizeBytes);
        }

        tables.Outbox.Add(results.Share());
    }

    /// <summary>Answers a call by the results of a question of this side, which the peer keeps.</summary>
    public void ReturnFromOther(IncomingCall call, uint questionId)
    {
        Invariant.Check(!call.IsReturned && !call.IsForgotten);
        call.IsReturned = true;
        tables.Outbox.Add(RpcMessage.NewTakeFromOther(call.AnswerId, questionId));
    }

    /// <summary>Answers a call that the peer has finished before it was answered.</summary>
    public void ReturnCanceled(IncomingCall call)
    {
        Invariant.Check(!call.IsReturned && !call.IsForgotten);
        call.IsReturned = true;
        if (!call.IsOnlyPipelined)
        {
            tables.Outbox.Add(RpcMessage.NewBareReturn(call.AnswerId, Wire.Canceled));
        }
    }

    /// <summary>Drops an answer from its table.</summary>
    public void Forget(IncomingCall call, List<Effect> effects)
    {
        Invariant.Check(!call.IsForgotten);
        call.IsForgotten = true;
        Hold(call, 0);
        tables.Answers.Remove(call.AnswerId);
        effects.Add(new Effect(EffectKind.Forget, call));
    }

    /// <summary>Tells the peer that a question is over, unless it has been told; frees the question if the peer has returned.</summary>
    public void Finish(uint id, Question question, bool releaseResultCaps, bool isReturned)
    {
        if (!question.IsFinished)
        {
            question.IsFinished = true;
            tables.Outbox.Add(RpcMessage.NewFinish(id, releaseResultCaps));
        }

        if (isReturned)
        {
            FreeQuestion(id, question);
        }
    }

    /// <summary>Frees a question that neither side will name again.</summary>
    public void FreeQuestion(uint id, Question question)
    {
        tables.Questions.Remove(id);
        question.Clear();
        tables.SpareQuestions.Push(question);
    }

    /// <summary>Gives an import back.</summary>
    public void Release(ImportHook import)
    {
        if (tables.Imports.TryGet(import.ImportId, out var known) && ReferenceEquals(known, import))
        {
            tables.Imports.Remove(import.ImportId);
        }

        if (import.References > 0)
        {
            tables.Outbox.Add(RpcMessage.NewRelease(import.ImportId, import.References));
            import.References = 0;
        }
    }

    /// <summary>Tells what became of an exported promise.</summary>
    public void Resolve(ExportListener listener, ClientHook promise, List<Effect> effects)
    {
        if (!tables.Exports.TryGet(listener.ExportId, out var export) || !ReferenceEquals(export, listener.Export))
        {
            // The peer released it meanwhile.
            return;
        }

        var settled = promise.Innermost();
        if (settled.IsUnsettled && settled is not RemoteHook { IsUnsettled: true } && !tables.ExportIds.ContainsKey(settled))
        {
            // A promise of a promise: the same export stands for both, and nothing need be said yet.
            tables.ExportIds.Remove(export.Key);
            export.Key = settled;
            tables.ExportIds.Add(settled, listener.ExportId);
            effects.Add(new Effect(EffectKind.Listen, settled, listener));
            return;
        }

        export.IsOpenPromise = false;
        if (tables.ExportIds.TryGetValue(export.Key, out var known) && known == listener.ExportId)
        {
            // Sent again, the capability goes as what it is now.
            tables.ExportIds.Remove(export.Key);
        }

        if (settled is BrokenHook { IsNull: false } broken)
        {
            tables.Outbox.Add(RpcMessage.NewResolveError(listener.ExportId, broken.Error));
            return;
        }

        var message = RpcMessage.NewResolve(listener.ExportId, out var descriptor);
        descriptors.Write(descriptor, settled, null, effects);
        message.Seal();
        tables.Outbox.Add(message);
    }

    /// <summary>Points a remote promise to what it became, behind an embargo if calls went the long way before.</summary>
    /// <param name="hook">Not redirected yet.</param>
    /// <param name="target">One count passes.</param>
    /// <param name="leadsHere">Whether the peer sends the calls that took the long way back here, wherever they go from here.</param>
    /// <param name="effects">Gets the announcement.</param>
    /// <returns>Where later calls wait for those that took the long way, if they must. Borrowed.</returns>
    public PromiseHook? Redirect(RemoteHook hook, ClientHook target, bool leadsHere, List<Effect> effects)
    {
        if (!hook.TryAddReference())
        {
            // Its last reference is gone, and the thread that gave it back waits at the gate to take it off the list.
            effects.Add(new Effect(EffectKind.Release, target));
            return null;
        }

        var end = target.Innermost();
        if (ReferenceEquals(end, hook))
        {
            effects.Add(new Effect(EffectKind.Release, target));
            target = new BrokenHook(new RpcException("a promise was resolved to itself"));
            end = target;
        }

        // Only what the peer named as its own is where the old way leads as well. What it named as ours comes by here
        // first, even if it goes on to the peer.
        var staysThere = !leadsHere && target is ImportHook own && ReferenceEquals(own.Link, tables.Link);
        if (staysThere && hook.HasBeenCalled)
        {
            // The new way may turn out to lead back here too, and then the calls sent by the old one still count.
            ((ImportHook)target).HasBeenCalled = true;
        }

        PromiseHook? gate = null;
        if (hook.HasBeenCalled && !staysThere && end is not BrokenHook)
        {
            gate = tables.Link.NewPromise();
            var id = tables.Embargoes.Add(new Embargo(gate, target));
            tables.Outbox.Add(RpcMessage.NewDisembargo(hook, Wire.SenderLoopback, id));
            target = gate;
        }

        hook.Redirect(target);
        effects.Add(new Effect(EffectKind.Announce, hook));
        return gate;
    }

    private void Hold(IncomingCall call, long bytes)
    {
        Invariant.Check(bytes >= 0 && call.HeldBytes >= 0);
        tables.HeldResultBytes += bytes - call.HeldBytes;
        call.HeldBytes = bytes;
        Invariant.Check(tables.HeldResultBytes >= 0);
    }

    private uint AddQuestion(OutgoingCall call)
    {
        if (!tables.SpareQuestions.TryPop(out var question))
        {
            question = new Question();
        }

        Invariant.Check(question is { Call: null, IsFinished: false, IsReturned: false });
        question.Call = call;
        question.CallVersion = call.Version;
        return tables.Questions.Add(question);
    }
}
