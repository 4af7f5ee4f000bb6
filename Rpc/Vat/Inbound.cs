using Wetware.Core;
using Wetware.Capnp;
using Wetware.Rpc.Hooks;

namespace Wetware.Rpc.Vat;

/// <summary>
/// What the peer says, one message at a time. Runs under the connection's gate; a rule that is broken is a <see cref="ProtocolException"/>.
/// </summary>
internal sealed class Inbound(Tables tables, Descriptors descriptors, Outbound outbound, ClientHook bootstrap)
{
    /// <summary>Takes one message.</summary>
    /// <param name="message">Ownership passes.</param>
    /// <param name="effects">Gets what is to be done afterwards, in order.</param>
    public void Receive(RpcMessage message, List<Effect> effects)
    {
        var kept = false;
        try
        {
            var body = message.Body;
            switch (message.Kind)
            {
                case Wire.Call:
                    kept = OnCall(message, body, effects);
                    break;
                case Wire.Return:
                    kept = OnReturn(message, body, effects);
                    break;
                case Wire.Finish:
                    OnFinish(body, effects);
                    break;
                case Wire.Release:
                    descriptors.Release(body.GetUInt32(Wire.ReleaseId), body.GetUInt32(Wire.ReleaseCount), effects);
                    break;
                case Wire.Resolve:
                    OnResolve(body, effects);
                    break;
                case Wire.Disembargo:
                    OnDisembargo(message, body, effects);
                    break;
                case Wire.Bootstrap:
                    OnBootstrap(body, effects);
                    break;
                case Wire.Unimplemented:
                    OnUnimplemented(body, effects);
                    break;
                case Wire.Abort:
                    throw new PeerAbortException(Wire.ReadException(body));
                default:
                    // Levels 3 and 4, and whatever later versions add: the protocol says to send it back.
                    tables.Outbox.Add(RpcMessage.NewUnimplemented(message));
                    break;
            }
        }
        finally
        {
            if (!kept)
            {
                effects.Add(new Effect(EffectKind.Drop, message));
            }
        }
    }

    private void OnBootstrap(StructReader body, List<Effect> effects)
    {
        var call = AddAnswer(body.GetUInt32(Wire.BootstrapQuestionId), 0, 0, null, keepsResults: false);
        var results = RpcMessage.NewReturn();
        results.SetRootCapability(bootstrap);
        effects.Add(new Effect(EffectKind.Complete, call, results));
    }

    private bool OnCall(RpcMessage message, StructReader body, List<Effect> effects)
    {
        var sendTo = body.GetUInt16(Wire.CallSendResultsTo);
        if (sendTo is not (Wire.ToCaller or Wire.ToYourself))
        {
            tables.Outbox.Add(RpcMessage.NewUnimplemented(message));
            return false;
        }

        message.UsePayload(body.GetPointer(Wire.CallParams).GetStruct());
        var id = body.GetUInt32(Wire.CallQuestionId);
        var call = AddAnswer(id, body.GetUInt64(Wire.CallInterfaceId), body.GetUInt16(Wire.CallMethodId),
            message, sendTo == Wire.ToYourself);
        if (message.ReadTrace() is { } trace)
        {
            call.Carries(trace);
        }

        call.IsOnlyPipelined = body.GetBool(Wire.CallOnlyPromisePipeline) && sendTo == Wire.ToCaller;
        descriptors.Read(message);
        var target = FindTarget(body.GetPointer(Wire.CallTarget).GetStruct(), effects);
        effects.Add(new Effect(EffectKind.Deliver, target, call));
        return true;
    }

    private bool OnReturn(RpcMessage message, StructReader body, List<Effect> effects)
    {
        var id = body.GetUInt32(Wire.ReturnAnswerId);
        if (!tables.Questions.TryGet(id, out var question) || question.IsReturned)
        {
            throw new ProtocolException($"a return for question {id}, which is not open");
        }

        var brings = !question.IsFinished && body.GetUInt16(Wire.ReturnTag) == Wire.Results;
        if (brings)
        {
            // Before the parameters' capabilities are released: the results may name the same exports.
            message.UsePayload(body.GetPointer(Wire.ReturnPayload).GetStruct());
            descriptors.Read(message);
        }

        if (!body.GetBool(Wire.ReturnKeepParamCaps))
        {
            foreach (var export in question.ParamExports)
            {
                descriptors.Release(export, 1, effects);
            }
        }

        question.ParamExports.Clear();
        if (question.IsFinished)
        {
            // Its caller lost interest, and Finish said so: whatever this brings is released already.
            outbound.FreeQuestion(id, question);
            return false;
        }

        switch (body.GetUInt16(Wire.ReturnTag))
        {
            case Wire.Results:
                Answered(id, question, message, null, body.GetBool(Wire.ReturnNoFinishNeeded), effects);
                return true;
            case Wire.ResultsException:
                Answered(id, question, null, Wire.ReadException(body.GetPointer(Wire.ReturnPayload).GetStruct()),
                    body.GetBool(Wire.ReturnNoFinishNeeded), effects);
                return false;
            case Wire.Canceled:
                Answered(id, question, null, new RpcException("the peer canceled the call"), false, effects);
                return false;
            case Wire.ResultsSentElsewhere:
                if (!question.IsTail)
                {
                    throw new ProtocolException($"results of question {id} were sent elsewhere, which nobody asked for");
                }

                // Pipelined calls still find the question there, so it ends with the call that it answers.
                question.IsReturned = true;
                question.Call?.IsAnsweredElsewhere = true;
                return false;
            case Wire.TakeFromOtherQuestion:
                TakeFromOther(id, question, body.GetUInt32(Wire.ReturnOtherQuestion), effects);
                return false;
            default:
                Answered(id, question, null, new RpcException(RpcErrorType.Unimplemented,
                    "the peer returned in a way that is not spoken here"), false, effects);
                return false;
        }
    }

    private void OnFinish(StructReader body, List<Effect> effects)
    {
        var id = body.GetUInt32(Wire.FinishQuestionId);
        if (!tables.Answers.TryGet(id, out var call))
        {
            // Its results held no capabilities and said that no Finish is needed; older peers send one all the same.
            if (!tables.EarlyDropped.Contains(id))
            {
                throw new ProtocolException($"a finish for question {id}, which is not open");
            }

            return;
        }

        if (!call.IsReturned)
        {
            outbound.ReturnCanceled(call);
            effects.Add(new Effect(EffectKind.Cancel, call));
        }
        else if (call.IsTailed)
        {
            effects.Add(new Effect(EffectKind.Cancel, call));
        }

        if (!body.GetBool(Wire.FinishKeepResultCaps))
        {
            foreach (var export in call.ResultExports)
            {
                descriptors.Release(export, 1, effects);
            }
        }

        call.ResultExports.Clear();
        outbound.Forget(call, effects);
    }

    private void OnResolve(StructReader body, List<Effect> effects)
    {
        var id = body.GetUInt32(Wire.ResolvePromiseId);
        var target = body.GetUInt16(Wire.ResolveTag) switch
        {
            Wire.ResolveCap => descriptors.Read(body.GetPointer(0).GetStruct()),
            Wire.ResolveException => new BrokenHook(Wire.ReadException(body.GetPointer(0).GetStruct())),
            _ => throw new ProtocolException("a resolve of unknown kind"),
        };
        if (!tables.Imports.TryGet(id, out var import) || !import.TryAddReference())
        {
            // Released while this was on its way.
            effects.Add(new Effect(EffectKind.Release, target));
            return;
        }

        effects.Add(new Effect(EffectKind.Release, import));
        if (!import.IsPromise)
        {
            effects.Add(new Effect(EffectKind.Release, target));
            throw new ProtocolException($"a resolve of import {id}, which is no open promise");
        }

        outbound.Redirect(import, target, leadsHere: false, effects);
        outbound.Release(import);
    }

    private void OnDisembargo(RpcMessage message, StructReader body, List<Effect> effects)
    {
        var id = body.GetUInt32(Wire.DisembargoId);
        switch (body.GetUInt16(Wire.DisembargoTag))
        {
            case Wire.SenderLoopback:
                var target = FindTarget(body.GetPointer(0).GetStruct(), effects);
                effects.Add(new Effect(EffectKind.Pass, target, new DisembargoMark(tables.Link, id, target)));
                break;
            case Wire.ReceiverLoopback:
                if (!tables.Embargoes.TryGet(id, out var embargo))
                {
                    throw new ProtocolException($"a disembargo returned for embargo {id}, which does not exist");
                }

                tables.Embargoes.Remove(id);
                effects.Add(new Effect(EffectKind.Settle, embargo.Gate, embargo.Target));
                break;
            default:
                tables.Outbox.Add(RpcMessage.NewUnimplemented(message));
                break;
        }
    }

    private void OnUnimplemented(StructReader body, List<Effect> effects)
    {
        switch (body.GetUInt16(Wire.MessageTag))
        {
            case Wire.Resolve:
                // The peer speaks only level 0: the capability that the resolution offered is not held by it.
                var resolve = body.GetPointer(0).GetStruct();
                if (resolve.GetUInt16(Wire.ResolveTag) == Wire.ResolveCap)
                {
                    var descriptor = resolve.GetPointer(0).GetStruct();
                    if (descriptor.GetUInt16(Wire.DescriptorTag) is Wire.SenderHosted or Wire.SenderPromise)
                    {
                        descriptors.Release(descriptor.GetUInt32(Wire.DescriptorId), 1, effects);
                    }
                }

                break;
            case Wire.Call:
            case Wire.Bootstrap:
                var id = body.GetPointer(0).GetStruct().GetUInt32(0);
                if (tables.Questions.TryGet(id, out var question) && !question.IsReturned)
                {
                    var error = new RpcException(RpcErrorType.Unimplemented, "the peer does not speak this part of the protocol");
                    Answered(id, question, null, error, noFinishNeeded: true, effects);
                }

                break;
            case Wire.Release:
            case Wire.Finish:
            case Wire.Return:
            case Wire.Abort:
                throw new ProtocolException("the peer does not implement a message that every peer must");
            default:
                break;
        }
    }

    /// <summary>Ends a question by the results of a call that the peer made here, unless it has ended.</summary>
    public void Taken(QuestionTaker taker, RpcMessage? results, RpcException? error, List<Effect> effects)
    {
        if (tables.Questions.TryGet(taker.QuestionId, out var question)
            && ReferenceEquals(question, taker.Question) && question.Generation == taker.Generation)
        {
            Answered(taker.QuestionId, question, results, error, noFinishNeeded: false, effects);
        }
        else if (results is not null)
        {
            effects.Add(new Effect(EffectKind.Drop, results));
        }
    }

    /// <summary>Ends a question whose outcome has come.</summary>
    public void Answered(uint id, Question question, RpcMessage? results, RpcException? error, bool noFinishNeeded, List<Effect> effects)
    {
        foreach (var pipeline in question.Pipelines)
        {
            var target = results is null ? new BrokenHook(error!) : results.GetHook(pipeline.Path);
            if (outbound.Redirect(pipeline, target, question.IsReturned, effects) is { } gate)
            {
                results = Gated(results!, pipeline.Path, gate, effects);
            }
        }

        if (question.Call is { } call)
        {
            effects.Add(results is null ? new Effect(EffectKind.Fail, call, error) : new Effect(EffectKind.Complete, call, results));
        }
        else if (results is not null)
        {
            effects.Add(new Effect(EffectKind.Drop, results));
        }

        if (noFinishNeeded)
        {
            outbound.FreeQuestion(id, question);
        }
        else
        {
            outbound.Finish(id, question, releaseResultCaps: false, isReturned: true);
        }
    }

    // The receiver of the results may hand them on to one that has called through the pipeline: a caller whose call was
    // forwarded. To it both are one reference, so the results must not lead past the embargo.
    private static RpcMessage Gated(RpcMessage results, PipelinePath path, PromiseHook gate, List<Effect> effects)
    {
        if (results.IsBuilder)
        {
            // Kept here for the peer as well, whose calls are what the embargo waits for.
            var copy = results.CopyResults();
            effects.Add(new Effect(EffectKind.Drop, results));
            results = copy;
        }

        results.ReplaceHook(path, gate);
        return results;
    }

    private void TakeFromOther(uint id, Question question, uint other, List<Effect> effects)
    {
        if (!tables.Answers.TryGet(other, out var answer) || !answer.KeepsResults || answer.IsTaken)
        {
            throw new ProtocolException($"question {id} is to take the results of question {other}, which keeps none");
        }

        question.IsReturned = true;
        answer.IsTaken = true;
        answer.AddOwner();
        effects.Add(new Effect(EffectKind.TakeResults, answer, new QuestionTaker(id, question, question.Generation)));
    }

    private ClientHook FindTarget(StructReader target, List<Effect> effects)
    {
        switch (target.GetUInt16(Wire.TargetTag))
        {
            case Wire.ImportedCap:
                return descriptors.FindExport(target.GetUInt32(Wire.TargetImportedCap)).Hook.AddReference();
            case Wire.PromisedAnswer:
                var hook = descriptors.FindPromised(target.GetPointer(0).GetStruct(), out var call);
                if (call is not null)
                {
                    call.AddOwner();
                    effects.Add(new Effect(EffectKind.Forward, call));
                }

                return hook;
            default:
                throw new ProtocolException("a message target of unknown kind");
        }
    }

    private IncomingCall AddAnswer(uint id, ulong interfaceId, ushort methodId, RpcMessage? parameters, bool keepsResults)
    {
        if (tables.Answers.TryGet(id, out _))
        {
            throw new ProtocolException($"question {id} is asked while it is open");
        }

        if (tables.Answers.Count >= tables.PeerCallsMax)
        {
            throw new ProtocolException($"more than {tables.PeerCallsMax} questions are open");
        }

        tables.EarlyDropped.Remove(id);
        var call = tables.Link.NewAnswer(id, interfaceId, methodId, parameters, keepsResults);
        tables.Answers.Add(id, call);
        return call;
    }
}
