using Wetware.Core;
using Wetware.Raft;
using Wetware.Rpc;
using Wire = Wetware.Protocol.Wire;

namespace Wetware.Host.Consensus;

/// <summary>Takes a snapshot's data as they come, and steps the message once they are complete and right.</summary>
internal sealed class SnapshotSink(RaftLoop loop, GroupId group, Message message, SnapshotIntake intake) : Wire.Consensus.Sink.IServer, IDisposable
{
    public ValueTask WriteAsync(CallContext<Wire.Consensus.Sink.WriteParams.Reader, StreamResult.Builder> call) =>
        intake.Take(call.Params.Chunk.Span) is { } refusal ? throw new RpcException(refusal) : ValueTask.CompletedTask;

    public ValueTask DoneAsync(CallContext<Wire.Consensus.Sink.DoneParams.Reader, Wire.Consensus.Sink.DoneResults.Builder> call)
    {
        if (intake.End(call.Params.Crc, out var stored) is { } trouble)
        {
            throw new RpcException(trouble);
        }

        message.Snapshot = stored;
        _ = loop.Post(RaftEvent.Of(group, message));
        return ValueTask.CompletedTask;
    }

    public void Dispose() => intake.Dispose();
}
