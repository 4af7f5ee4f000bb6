using Wetware.Core;
using Wetware.Raft;
using Wetware.Raft.Log;
using Wetware.Rpc;
using Wire = Wetware.Host.Protocol;

namespace Wetware.Host.Consensus;

/// <summary>Takes a snapshot's data as they come, and steps the message once they are complete and right.</summary>
internal sealed class SnapshotSink(RaftLoop loop, GroupId group, Message message, SnapshotWriter writer, ulong size) : Wire.Consensus.Sink.IServer, IDisposable
{
    /// <summary>The offset that the transfer goes on from.</summary>
    public long From { get; } = writer.Bytes;

    public ValueTask WriteAsync(CallContext<Wire.Consensus.Sink.WriteParams.Reader, StreamResult.Builder> call)
    {
        var chunk = call.Params.Chunk.Span;
        if ((ulong)writer.Bytes + (ulong)chunk.Length > size)
        {
            throw new RpcException("the snapshot is longer than announced");
        }

        writer.Write(chunk);
        return ValueTask.CompletedTask;
    }

    public ValueTask DoneAsync(CallContext<Wire.Consensus.Sink.DoneParams.Reader, Wire.Consensus.Sink.DoneResults.Builder> call)
    {
        if ((ulong)writer.Bytes != size)
        {
            throw new RpcException($"the snapshot was announced with {size} bytes and has {writer.Bytes}");
        }

        if (writer.Checksum != call.Params.Crc)
        {
            // Two leaders may have written the same snapshot differently, and one went on where the other broke off.
            writer.Discard();
            throw new RpcException("the snapshot's checksum is wrong");
        }

        message.Snapshot = writer.Complete();
        _ = loop.Post(RaftEvent.Of(group, message));
        return ValueTask.CompletedTask;
    }

    /// <summary>The sender has let go; what was stored stays, to be gone on with.</summary>
    public void Dispose() => writer.Dispose();
}
