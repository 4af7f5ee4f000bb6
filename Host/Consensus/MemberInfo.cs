using System.Collections.Immutable;
using Wetware.Core;
using Wetware.Core.Multiformats;

namespace Wetware.Host.Consensus;

/// <summary>Who a member is and where it was reached when it joined. Replicated with the configuration.</summary>
/// <param name="Node">Its number in the Raft groups, see <see cref="NodeOf"/>.</param>
/// <param name="Peer">Its peer id.</param>
/// <param name="Addresses">Where it can be dialled.</param>
/// <param name="Votes">Whether it is to become a voter.</param>
internal sealed record MemberInfo(NodeId Node, PeerId Peer, ImmutableArray<Multiaddr> Addresses, bool Votes)
{
    // Of 64 bits of a member's number, those that its data folder gives.
    private const int FolderBits = 24;

    /// <summary>
    /// The member number of a peer with a data folder: five bytes from the end of its id, which are those of a hash or a public key, and three of the
    /// folder's incarnation. With another folder it is another member, since it has forgotten what it promised.
    /// </summary>
    public static NodeId NodeOf(in PeerId peer, ulong incarnation)
    {
        var number = (PeerPart(peer) << FolderBits) | (incarnation & ((1UL << FolderBits) - 1));
        // Zero is nobody and the top two stand for parts of a process; a peer that hits one of them has found a needle in 2^61 haystacks.
        return new NodeId(Math.Clamp(number, 1, ulong.MaxValue - 2));
    }

    /// <summary>Whether a member number is one of that peer's.</summary>
    public static bool IsOf(NodeId node, in PeerId peer) => node.Value >> FolderBits == PeerPart(peer);

    /// <summary>As the context of a configuration change.</summary>
    public byte[] Encode()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Votes);
        writer.Write(Node.Value);
        writer.Write((byte)Peer.Length);
        writer.Write(Peer.Bytes);
        writer.Write((ushort)Addresses.Length);
        foreach (var address in Addresses)
        {
            writer.Write((ushort)address.Bytes.Length);
            writer.Write(address.Bytes);
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Reads what <see cref="Encode"/> wrote; null for anything else.</summary>
    public static MemberInfo? Decode(ReadOnlySpan<byte> bytes)
    {
        const int Fixed = sizeof(bool) + sizeof(ulong) + sizeof(byte);
        if (bytes.Length < Fixed || bytes.Length < Fixed + bytes[Fixed - 1] + sizeof(ushort) || !PeerId.TryFromBytes(bytes.Slice(Fixed, bytes[Fixed - 1]), out var peer))
        {
            return null;
        }

        var node = new NodeId(System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes[sizeof(bool)..]));
        var rest = bytes[(Fixed + bytes[Fixed - 1])..];
        var count = System.Buffers.Binary.BinaryPrimitives.ReadUInt16LittleEndian(rest);
        rest = rest[2..];
        var addresses = ImmutableArray.CreateBuilder<Multiaddr>();
        for (var i = 0; i < count; i++)
        {
            if (rest.Length < 2)
            {
                return null;
            }

            var length = System.Buffers.Binary.BinaryPrimitives.ReadUInt16LittleEndian(rest);
            if (rest.Length < 2 + length || !Multiaddr.TryFromBytes(rest.Slice(2, length), out var address))
            {
                return null;
            }

            addresses.Add(address);
            rest = rest[(2 + length)..];
        }

        return new MemberInfo(node, peer, addresses.ToImmutable(), bytes[0] != 0);
    }

    private static ulong PeerPart(in PeerId peer)
    {
        var bytes = peer.Bytes;
        Invariant.Check(bytes.Length >= sizeof(ulong));
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes[^sizeof(ulong)..]) & (ulong.MaxValue >> FolderBits);
    }
}
