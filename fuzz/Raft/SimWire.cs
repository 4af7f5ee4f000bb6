using System.Buffers;
using Wetware.Core;
using Wetware.Capnp;
using Wetware.Host.Consensus;
using Wetware.Raft;
using Wire = Wetware.Protocol.Wire;

namespace Wetware.Fuzz.Raft;

/// <summary>A request as it comes out of the wire's encoding at the other end.</summary>
internal static class SimWire
{
    public static (GroupId Group, Message Message)[] Copy(MessageBatch batch)
    {
        using var builder = new MessageBuilder();
        MessageCodec.Write(builder.InitRoot<Wire.Consensus.StepParams.Builder>().InitMessages(batch.Count), batch);
        var bytes = new ArrayBufferWriter<byte>();
        builder.WriteTo(bytes);
        using var reader = new MessageReader();
        reader.Open(bytes.WrittenMemory);
        var wire = reader.GetRoot<Wire.Consensus.StepParams.Reader>().Messages;
        var copies = new (GroupId, Message)[wire.Count];
        for (var i = 0; i < copies.Length; i++)
        {
            copies[i] = (new GroupId(wire[i].Group), MessageCodec.Read(wire[i]));
        }

        return copies;
    }
}
