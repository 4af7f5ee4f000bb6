using System.Buffers;
using Wetware.Core;
using Wetware.Core.Capnp;
using Wetware.Host.Consensus;
using Wetware.Raft;
using Wire = Wetware.Host.Protocol;

namespace Wetware.Fuzz.Raft;

/// <summary>A message as it comes out of the wire's encoding at the other end.</summary>
internal static class SimWire
{
    public static Message Copy(GroupId group, in Message message)
    {
        using var builder = new MessageBuilder();
        MessageCodec.Write(builder.InitRoot<Wire.Message.Builder>(), group, message);
        var bytes = new ArrayBufferWriter<byte>();
        builder.WriteTo(bytes);
        using var reader = new MessageReader();
        reader.Open(bytes.WrittenMemory);
        var root = reader.GetRoot<Wire.Message.Reader>();
        Invariant.Check(root.Group == group.Value);
        return MessageCodec.Read(root);
    }
}
