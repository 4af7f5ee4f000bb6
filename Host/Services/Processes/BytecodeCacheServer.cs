using Wetware.Core.Multiformats;
using Wetware.Protocol.Wire;
using Wetware.Rpc;

namespace Wetware.Host.Services.Processes;

/// <summary>A node's bytecode, for clients.</summary>
internal sealed class BytecodeCacheServer(BytecodeStore store) : BytecodeCache.IServer
{
    public ValueTask PutAsync(CallContext<BytecodeCache.PutParams.Reader, BytecodeCache.PutResults.Builder> call)
    {
        var cid = store.Put(call.Params.Bytecode.Span) ?? throw new RpcException("the bytecode is larger than all that the node keeps");
        call.Results.SetCid(cid.Span);
        return ValueTask.CompletedTask;
    }

    public ValueTask GetAsync(CallContext<BytecodeCache.GetParams.Reader, BytecodeCache.GetResults.Builder> call)
    {
        if (Cid.TryFromBytes(call.Params.Cid.Span, out var cid) && store.TryGet(cid, out var bytecode))
        {
            call.Results.SetBytecode(bytecode);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask HasAsync(CallContext<BytecodeCache.HasParams.Reader, BytecodeCache.HasResults.Builder> call)
    {
        call.Results.Has = Cid.TryFromBytes(call.Params.Cid.Span, out var cid) && store.TryGet(cid, out _);
        return ValueTask.CompletedTask;
    }
}
