using Wetware.Core;

namespace Wetware.Raft;

/// <summary>A change of one member, without a joint configuration (Ongaro 2014, section 4.1).</summary>
/// <param name="Type">What happens.</param>
/// <param name="NodeId">To whom; <see cref="NodeId.None"/> makes the change void.</param>
/// <param name="Context">Opaque bytes for the application.</param>
public readonly record struct ConfChange(ConfChangeType Type, NodeId NodeId, ReadOnlyMemory<byte> Context)
{
    /// <summary>The same as the general form.</summary>
    public ConfChangeV2 AsV2() => new(ConfChangeTransition.Auto, [new(Type, NodeId)], Context);

    /// <summary>The payload of an entry of type <see cref="EntryType.ConfChange"/>, as etcd/raft encodes it.</summary>
    public byte[] Encode() => ConfChangeCodec.Encode(this);

    /// <summary>Reads what <see cref="Encode"/> wrote; false for anything else.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> data, out ConfChange change) =>
        ConfChangeCodec.TryDecode(data, out change);
}
