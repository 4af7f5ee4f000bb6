using Wetware.Core;
using Wetware.Capnp;
using Wetware.Rpc.Tracing;
using Wetware.Rpc.Transport;

namespace Wetware.Rpc.Hooks;

/// <summary>
/// One message of the protocol, received or built, with its payload and capabilities. Pooled and counted: the answer that
/// reads it and the batch that sends it may hold it at once. Parameters and results are built inside their Call or Return
/// from the start, so that sending copies nothing.
/// </summary>
internal sealed class RpcMessage : FramedMessage
{
    private static readonly ObjectPool<RpcMessage> s_pool = new(Limits.PooledObjectsMax);

    private MessageReader? _reader;
    private Frame? _frame;
    private StructBuilder _envelope;
    private PointerBuilder _content;
    private PointerReader _received;
    private StructReader _payload;

    /// <summary>Whether it was built here; otherwise it was received.</summary>
    public bool IsBuilder { get; private set; }

    /// <summary>Which kind of message; of a received one.</summary>
    public ushort Kind { get; private set; }

    /// <summary>What the message holds; of a received one.</summary>
    public StructReader Body { get; private set; }

    /// <summary>The Call; of one that was built.</summary>
    public StructBuilder Call => _envelope;

    /// <summary>The Return; of one that was built.</summary>
    public StructBuilder Return => _envelope;

    /// <summary>The descriptors of a received payload.</summary>
    public StructListReader<StructReader> CapTable => StructListReader<StructReader>.Read(_payload.GetPointer(Wire.PayloadCapTable));

    /// <summary>Where parameters or results go.</summary>
    public PointerBuilder Content => _content;

    /// <summary>The parameters or results.</summary>
    public PointerReader ContentReader => IsBuilder ? _content.AsReader() : _received;

    /// <summary>How many capabilities it carries.</summary>
    public int CapabilityCount => Arena.Capabilities.Count;

    private MessageArena Arena => IsBuilder ? Builder : _reader!;

    /// <summary>A call to fill in.</summary>
    public static RpcMessage NewCall(ulong interfaceId, ushort methodId)
    {
        var message = NewBuilt(Wire.Call, Wire.CallSize);
        message._envelope.SetUInt64(Wire.CallInterfaceId, interfaceId);
        message._envelope.SetUInt16(Wire.CallMethodId, methodId);
        message._envelope.GetPointer(Wire.CallTarget).InitStruct(Wire.OneWordOnePointer);
        message._content = message._envelope.GetPointer(Wire.CallParams).InitStruct(Wire.PayloadSize).GetPointer(Wire.PayloadContent);
        return message;
    }

    /// <summary>Results to fill in.</summary>
    public static RpcMessage NewReturn()
    {
        var message = NewBuilt(Wire.Return, Wire.ReturnSize);
        message._content = message._envelope.GetPointer(Wire.ReturnPayload).InitStruct(Wire.PayloadSize).GetPointer(Wire.PayloadContent);
        return message;
    }

    /// <summary>Results to fill in, which count in a budget until <see cref="LeaveBudget"/>.</summary>
    public static RpcMessage NewReturn(BuildBudget budget)
    {
        var message = NewReturn();
        message.Builder.EnterBudget(budget);
        return message;
    }

    /// <summary>A question for the bootstrap capability.</summary>
    public static RpcMessage NewBootstrap(uint questionId)
    {
        var message = NewBuilt(Wire.Bootstrap, Wire.OneWordOnePointer);
        message._envelope.SetUInt32(Wire.BootstrapQuestionId, questionId);
        return message.Sealed();
    }

    /// <summary>A Return of one of the kinds that carry nothing.</summary>
    public static RpcMessage NewBareReturn(uint answerId, ushort tag)
    {
        var message = NewBuilt(Wire.Return, Wire.ReturnSize);
        message._envelope.SetUInt32(Wire.ReturnAnswerId, answerId);
        message._envelope.SetBool(Wire.ReturnKeepParamCaps, true);
        message._envelope.SetUInt16(Wire.ReturnTag, tag);
        return message.Sealed();
    }

    /// <summary>A Return that names another question.</summary>
    public static RpcMessage NewTakeFromOther(uint answerId, uint questionId)
    {
        var message = NewBuilt(Wire.Return, Wire.ReturnSize);
        message._envelope.SetUInt32(Wire.ReturnAnswerId, answerId);
        message._envelope.SetBool(Wire.ReturnKeepParamCaps, true);
        message._envelope.SetUInt16(Wire.ReturnTag, Wire.TakeFromOtherQuestion);
        message._envelope.SetUInt32(Wire.ReturnOtherQuestion, questionId);
        return message.Sealed();
    }

    /// <summary>A Return of an error.</summary>
    public static RpcMessage NewErrorReturn(uint answerId, RpcException error)
    {
        var message = NewBuilt(Wire.Return, Wire.ReturnSize);
        message._envelope.SetUInt32(Wire.ReturnAnswerId, answerId);
        message._envelope.SetBool(Wire.ReturnKeepParamCaps, true);
        message._envelope.SetUInt16(Wire.ReturnTag, Wire.ResultsException);
        Wire.WriteException(message._envelope.GetPointer(Wire.ReturnPayload).InitStruct(Wire.ExceptionSize), error);
        return message.Sealed();
    }

    /// <summary>A Finish.</summary>
    public static RpcMessage NewFinish(uint questionId, bool releaseResultCaps)
    {
        var message = NewBuilt(Wire.Finish, Wire.OneWord);
        message._envelope.SetUInt32(Wire.FinishQuestionId, questionId);
        message._envelope.SetBool(Wire.FinishKeepResultCaps, !releaseResultCaps);
        return message.Sealed();
    }

    /// <summary>A Release.</summary>
    public static RpcMessage NewRelease(uint importId, uint count)
    {
        var message = NewBuilt(Wire.Release, Wire.OneWord);
        message._envelope.SetUInt32(Wire.ReleaseId, importId);
        message._envelope.SetUInt32(Wire.ReleaseCount, count);
        return message.Sealed();
    }

    /// <summary>A Resolve to a capability, whose descriptor is still to be written.</summary>
    public static RpcMessage NewResolve(uint promiseId, out StructBuilder descriptor)
    {
        var message = NewBuilt(Wire.Resolve, Wire.OneWordOnePointer);
        message._envelope.SetUInt32(Wire.ResolvePromiseId, promiseId);
        descriptor = message._envelope.GetPointer(0).InitStruct(Wire.OneWordOnePointer);
        return message;
    }

    /// <summary>A Resolve to an error.</summary>
    public static RpcMessage NewResolveError(uint promiseId, RpcException error)
    {
        var message = NewBuilt(Wire.Resolve, Wire.OneWordOnePointer);
        message._envelope.SetUInt32(Wire.ResolvePromiseId, promiseId);
        message._envelope.SetUInt16(Wire.ResolveTag, Wire.ResolveException);
        Wire.WriteException(message._envelope.GetPointer(0).InitStruct(Wire.ExceptionSize), error);
        return message.Sealed();
    }

    /// <summary>A Disembargo, there or back.</summary>
    public static RpcMessage NewDisembargo(RemoteHook target, ushort tag, uint embargoId)
    {
        var message = NewBuilt(Wire.Disembargo, Wire.OneWordOnePointer);
        message._envelope.SetUInt16(Wire.DisembargoTag, tag);
        message._envelope.SetUInt32(Wire.DisembargoId, embargoId);
        Wire.WriteTarget(message._envelope.GetPointer(0).InitStruct(Wire.OneWordOnePointer), target);
        return message.Sealed();
    }

    /// <summary>An Abort.</summary>
    public static RpcMessage NewAbort(RpcException error)
    {
        var message = NewBuilt(Wire.Abort, Wire.ExceptionSize);
        Wire.WriteException(message._envelope, error);
        return message.Sealed();
    }

    /// <summary>Sends back a message that is not understood.</summary>
    public static RpcMessage NewUnimplemented(RpcMessage original)
    {
        var message = Rent();
        message.IsBuilder = true;
        var root = message.Builder.Root.InitStruct(Wire.MessageSize);
        root.SetUInt16(Wire.MessageTag, Wire.Unimplemented);
        root.GetPointer(0).Set(original._reader!.Root);
        return message.Sealed();
    }

    /// <summary>Looks at a received frame.</summary>
    /// <param name="frame">Ownership passes.</param>
    /// <exception cref="DecodeException">It is malformed.</exception>
    public static RpcMessage FromFrame(Frame frame)
    {
        var message = Rent();
        message.IsBuilder = false;
        message._frame = frame;
        message.Arrived(frame.Length);
        try
        {
            message._reader ??= new MessageReader();
            message._reader.Open(frame.Bytes.AsMemory(0, frame.Length));
            var root = message._reader.Root.GetStruct();
            message.Kind = root.GetUInt16(Wire.MessageTag);
            message.Body = root.GetPointer(0).GetStruct();
            return message;
        }
        catch
        {
            message.Release();
            throw;
        }
    }

    /// <summary>Lets a call that was built carry a trace context; the Call becomes a wider one.</summary>
    public void WriteTrace(TraceContext trace)
    {
        Invariant.Check(IsBuilder && Kind == Wire.Call);
        _envelope = Builder.Root.GetStruct(Wire.MessageSize).GetPointer(0).GetStruct(Wire.TracedCallSize);
        Wire.WriteTrace(_envelope.GetPointer(Wire.CallTrace).InitStruct(Wire.TraceSize), trace);
    }

    /// <summary>The trace context of a received call; null if it carries none.</summary>
    public TraceContext? ReadTrace() => Body.HasPointer(Wire.CallTrace) ? Wire.ReadTrace(Body.GetPointer(Wire.CallTrace)) : null;

    /// <summary>Says which payload is this message's.</summary>
    public void UsePayload(StructReader payload)
    {
        _payload = payload;
        _received = payload.GetPointer(Wire.PayloadContent);
    }

    /// <summary>Makes the descriptors of a payload that was built.</summary>
    public ListBuilder InitCapTable(int count) =>
        _envelope.GetPointer(Kind == Wire.Call ? Wire.CallParams : Wire.ReturnPayload)
            .GetStruct(Wire.PayloadSize)
            .GetPointer(Wire.PayloadCapTable)
            .InitStructList(Wire.OneWordOnePointer, count);

    /// <summary>A capability that it carries. Borrowed.</summary>
    public ClientHook? HookAt(int index) => (Arena.Capabilities[(uint)index] as Capability)?.Hook;

    /// <summary>Adds a received capability, in the order of the descriptors.</summary>
    /// <param name="hook">One count passes.</param>
    public void AddCapability(ClientHook hook) => Arena.Capabilities.Add(new Capability(hook));

    /// <summary>Makes a capability the whole of the results.</summary>
    /// <param name="hook">Borrowed.</param>
    public void SetRootCapability(ClientHook hook) => _content.SetCapability(new Capability(hook.AddReference()));

    /// <summary>The capability at a path of the payload.</summary>
    /// <returns>One count is the caller's; broken if there is none.</returns>
    public ClientHook GetHook(PipelinePath path)
    {
        try
        {
            return (PointerAt(path).GetCapability() as Capability)?.Hook.AddReference() ?? BrokenHook.Null();
        }
        catch (DecodeException malformed)
        {
            return new BrokenHook(new RpcException("the results hold no capability where one was called: " + malformed.Message));
        }
    }

    /// <summary>Puts another capability in the place of one of the payload, which someone else holds too.</summary>
    /// <param name="path">Leads to a capability.</param>
    /// <param name="hook">Borrowed.</param>
    public void ReplaceHook(PipelinePath path, ClientHook hook)
    {
        var isCapability = PointerAt(path).TryGetCapabilityIndex(out var index);
        Invariant.Check(isCapability);
        Arena.Capabilities.Replace(index, new Capability(hook.AddReference()));
    }

    /// <summary>The same parameters as a call to send. Capabilities are counted up.</summary>
    public RpcMessage CopyParams(ulong interfaceId, ushort methodId)
    {
        var copy = NewCall(interfaceId, methodId);
        copy._content.Set(ContentReader);
        return copy;
    }

    /// <summary>The same results as a Return to send. Capabilities are counted up.</summary>
    public RpcMessage CopyResults()
    {
        var copy = NewReturn();
        copy._content.Set(ContentReader);
        return copy;
    }

    /// <summary>From now on its memory is counted otherwise.</summary>
    public void LeaveBudget() => Builder.LeaveBudget();

    /// <summary>Adds a count.</summary>
    public RpcMessage Share()
    {
        Hold();
        return this;
    }

    private PointerReader PointerAt(PipelinePath path)
    {
        Span<ushort> fields = stackalloc ushort[Limits.PipelineDepthMax];
        path.CopyTo(fields);
        var pointer = ContentReader;
        for (var i = 0; i < path.Depth; i++)
        {
            pointer = pointer.GetStruct().GetPointer(fields[i]);
        }

        return pointer;
    }

    private static RpcMessage Rent()
    {
        var message = s_pool.TryRent() ?? new RpcMessage();
        message.Begin();
        return message;
    }

    private static RpcMessage NewBuilt(ushort kind, StructSize size)
    {
        var message = Rent();
        message.IsBuilder = true;
        message.Kind = kind;
        var root = message.Builder.Root.InitStruct(Wire.MessageSize);
        root.SetUInt16(Wire.MessageTag, kind);
        message._envelope = root.GetPointer(0).InitStruct(size);
        return message;
    }

    private RpcMessage Sealed()
    {
        Seal();
        return this;
    }

    private protected override void Recycle()
    {
        if (IsBuilder)
        {
            Builder.Reset();
        }
        else
        {
            _reader!.Close();
            _frame!.Release();
            _frame = null;
        }

        _envelope = default;
        _content = default;
        _received = default;
        _payload = default;
        Body = default;
        s_pool.Return(this);
    }
}
