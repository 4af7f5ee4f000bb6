using Wetware.Capnp;
using Wetware.Rpc.Tracing;

namespace Wetware.Rpc.Hooks;

/// <summary>
/// Where everything is in the messages of rpc.capnp: tags, and offsets in units of the field's own size, as the schema
/// compiler lays them out. By hand because each call passes here four times.
/// </summary>
internal static class Wire
{
    // Message.
    public const int MessageTag = 0;
    public const ushort Unimplemented = 0;
    public const ushort Abort = 1;
    public const ushort Call = 2;
    public const ushort Return = 3;
    public const ushort Finish = 4;
    public const ushort Resolve = 5;
    public const ushort Release = 6;
    public const ushort Bootstrap = 8;
    public const ushort Disembargo = 13;

    // Bootstrap, Finish, Release.
    public const int BootstrapQuestionId = 0;
    public const int FinishQuestionId = 0;
    public const int FinishKeepResultCaps = 32;
    public const int ReleaseId = 0;
    public const int ReleaseCount = 1;

    // Call.
    public const int CallQuestionId = 0;
    public const int CallMethodId = 2;
    public const int CallSendResultsTo = 3;
    public const int CallInterfaceId = 1;
    public const int CallOnlyPromisePipeline = 130;
    public const int CallTarget = 0;
    public const int CallParams = 1;
    public const int CallTrace = 3;
    public const ushort ToCaller = 0;
    public const ushort ToYourself = 1;

    // TraceContext.
    public const ulong TraceMagic = Vat.Generated.TraceContext.MagicOfThisStruct;
    public const int TraceParent = 0;
    public const int TraceState = 1;

    // Return. Two flags are true by default, so the bit on the wire says the opposite.
    public const int ReturnAnswerId = 0;
    public const int ReturnKeepParamCaps = 32;
    public const int ReturnNoFinishNeeded = 33;
    public const int ReturnTag = 3;
    public const int ReturnOtherQuestion = 2;
    public const int ReturnPayload = 0;
    public const ushort Results = 0;
    public const ushort ResultsException = 1;
    public const ushort Canceled = 2;
    public const ushort ResultsSentElsewhere = 3;
    public const ushort TakeFromOtherQuestion = 4;

    // Resolve.
    public const int ResolvePromiseId = 0;
    public const int ResolveTag = 2;
    public const ushort ResolveCap = 0;
    public const ushort ResolveException = 1;

    // Disembargo.
    public const int DisembargoId = 0;
    public const int DisembargoTag = 2;
    public const ushort SenderLoopback = 0;
    public const ushort ReceiverLoopback = 1;

    // MessageTarget.
    public const int TargetImportedCap = 0;
    public const int TargetTag = 2;
    public const ushort ImportedCap = 0;
    public const ushort PromisedAnswer = 1;

    // Payload.
    public const int PayloadContent = 0;
    public const int PayloadCapTable = 1;

    // CapDescriptor.
    public const int DescriptorTag = 0;
    public const int DescriptorId = 1;
    public const ushort None = 0;
    public const ushort SenderHosted = 1;
    public const ushort SenderPromise = 2;
    public const ushort ReceiverHosted = 3;
    public const ushort ReceiverAnswer = 4;
    public const ushort ThirdPartyHosted = 5;
    public const int VineId = 0;

    // PromisedAnswer.
    public const int PromisedQuestionId = 0;
    public const ushort NoOperation = 0;
    public const ushort GetPointerField = 1;

    // Exception.
    public const int ExceptionReason = 0;
    public const int ExceptionTrace = 1;
    public const int ExceptionType = 2;

    public static StructSize MessageSize => new(1, 1);

    public static StructSize CallSize => new(3, 3);

    public static StructSize TracedCallSize => new(3, 4);

    public static StructSize TraceSize => new(1, 2);

    public static StructSize ReturnSize => new(2, 1);

    public static StructSize OneWord => new(1, 0);

    public static StructSize OneWordOnePointer => new(1, 1);

    public static StructSize PayloadSize => new(0, 2);

    public static StructSize ExceptionSize => new(1, 2);

    /// <summary>Writes where a call or a disembargo goes.</summary>
    public static void WriteTarget(StructBuilder target, RemoteHook hook)
    {
        if (hook is ImportHook import)
        {
            target.SetUInt32(TargetImportedCap, import.ImportId);
            return;
        }

        target.SetUInt16(TargetTag, PromisedAnswer);
        WritePromisedAnswer(target.GetPointer(0).InitStruct(OneWordOnePointer), (PipelineHook)hook);
    }

    /// <summary>Writes a PromisedAnswer.</summary>
    public static void WritePromisedAnswer(StructBuilder promised, PipelineHook hook)
    {
        promised.SetUInt32(PromisedQuestionId, hook.QuestionId);
        var depth = hook.Path.Depth;
        if (depth == 0)
        {
            return;
        }

        Span<ushort> fields = stackalloc ushort[Limits.PipelineDepthMax];
        hook.Path.CopyTo(fields);
        var transform = promised.GetPointer(0).InitStructList(OneWord, depth);
        for (var i = 0; i < depth; i++)
        {
            var operation = transform.GetStruct(i);
            operation.SetUInt16(0, GetPointerField);
            operation.SetUInt16(1, fields[i]);
        }
    }

    /// <summary>Reads the path of a PromisedAnswer.</summary>
    public static PipelinePath ReadPath(StructReader promised)
    {
        var transform = StructListReader<StructReader>.Read(promised.GetPointer(0));
        if (transform.Count == 0)
        {
            return PipelinePath.Root;
        }

        if (transform.Count > Limits.PipelineDepthMax)
        {
            throw new ProtocolException($"a promised answer {transform.Count} steps deep; at most {Limits.PipelineDepthMax} are allowed");
        }

        Span<ushort> fields = stackalloc ushort[Limits.PipelineDepthMax];
        var depth = 0;
        for (var i = 0; i < transform.Count; i++)
        {
            var operation = transform[i];
            switch (operation.GetUInt16(0))
            {
                case NoOperation:
                    break;
                case GetPointerField:
                    fields[depth++] = operation.GetUInt16(1);
                    break;
                default:
                    throw new ProtocolException("a promised answer with an operation of unknown kind");
            }
        }

        return PipelinePath.FromPeer(fields[..depth]);
    }

    /// <summary>Writes a trace context.</summary>
    public static void WriteTrace(StructBuilder envelope, TraceContext trace)
    {
        envelope.SetUInt64(0, TraceMagic);
        envelope.GetPointer(TraceParent).SetText(trace.Parent);
        if (trace.State is { } state)
        {
            envelope.GetPointer(TraceState).SetText(state);
        }
    }

    /// <summary>
    /// Reads a trace context where one may stand. Whatever else stands there is another's business: nothing there is an error.
    /// </summary>
    public static TraceContext? ReadTrace(PointerReader pointer)
    {
        try
        {
            if (pointer.Kind != PointerKind.Struct)
            {
                return null;
            }

            var envelope = pointer.GetStruct();
            return envelope.GetUInt64(0) == TraceMagic
                ? TraceContext.FromPeer(envelope.GetPointer(TraceParent).GetText().Utf8, envelope.GetPointer(TraceState).GetText().Utf8)
                : null;
        }
        catch (DecodeException)
        {
            return null;
        }
    }

    /// <summary>Writes an error.</summary>
    public static void WriteException(StructBuilder exception, RpcException error)
    {
        exception.SetUInt16(ExceptionType, (ushort)error.Type);
        exception.GetPointer(ExceptionReason).SetText(Cut(error.Reason));
        if (error.RemoteTrace is { Length: > 0 } trace)
        {
            exception.GetPointer(ExceptionTrace).SetText(Cut(trace));
        }
    }

    /// <summary>Reads an error.</summary>
    public static RpcException ReadException(StructReader exception)
    {
        var type = exception.GetUInt16(ExceptionType);
        var trace = exception.GetPointer(ExceptionTrace).GetText().ToString();
        // A type that a later version adds is a failure, as the schema asks.
        return new RpcException(type <= (ushort)RpcErrorType.Unimplemented ? (RpcErrorType)type : RpcErrorType.Failed,
            exception.GetPointer(ExceptionReason).GetText().ToString(), trace.Length == 0 ? null : trace);
    }

    private static string Cut(string text) => text.Length <= Limits.ErrorTextMax ? text : text[..Limits.ErrorTextMax];
}
