using System.Buffers.Binary;
using System.Collections.Immutable;
using Wetware.Core;

namespace Wetware.Raft.Log.Format;

/// <summary>
/// The start of a snapshot's file, twice, so that one damaged sector does not take the configuration. Little-endian: magic 8,
/// checksum 4, version 4, group 8, index 8, term 8, data bytes 8, data checksum 4, is complete 1, auto leave 1, five counts of 2, then
/// the nodes of each role, 8 each. The checksum covers what follows it, to the end of the copy.
/// </summary>
internal readonly record struct SnapshotHeader(GroupId Group, SnapshotMetadata Metadata, long DataBytes, uint DataChecksum, bool IsComplete)
{
    /// <summary>Bytes of both copies.</summary>
    public const int Bytes = 2 * CopyBytes;

    public const int Version = 1;

    private const int CopyBytes = 1 << 14;
    private const int NodesAt = 64;
    private const int Roles = 5;
    private const ulong Magic = 0x5041_4e53_5757_5757;

    public byte[] Encode()
    {
        var bytes = new byte[Bytes];
        var copy = bytes.AsSpan(0, CopyBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(copy, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(copy[12..], Version);
        BinaryPrimitives.WriteUInt64LittleEndian(copy[16..], Group.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(copy[24..], Metadata.Index.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(copy[32..], Metadata.Term.Value);
        BinaryPrimitives.WriteInt64LittleEndian(copy[40..], DataBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(copy[48..], DataChecksum);
        copy[52] = IsComplete ? (byte)1 : (byte)0;
        var conf = Metadata.ConfState;
        copy[53] = conf.AutoLeave ? (byte)1 : (byte)0;
        ImmutableArray<NodeId>[] roles = [conf.Voters, conf.VotersOutgoing, conf.Learners, conf.LearnersNext, conf.Witnesses];
        var at = NodesAt;
        for (var role = 0; role < Roles; role++)
        {
            Invariant.Check(roles[role].Length <= LogLimits.ConfStateNodesMax);
            BinaryPrimitives.WriteUInt16LittleEndian(copy[(54 + (2 * role))..], (ushort)roles[role].Length);
            foreach (var node in roles[role])
            {
                BinaryPrimitives.WriteUInt64LittleEndian(copy[at..], node.Value);
                at += sizeof(ulong);
            }
        }

        BinaryPrimitives.WriteUInt32LittleEndian(copy[8..], Crc32C.Of(copy[12..]));
        copy.CopyTo(bytes.AsSpan(CopyBytes));
        return bytes;
    }

    /// <summary>Reads whichever copy is whole.</summary>
    /// <exception cref="LogVersionException">Another format.</exception>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out SnapshotHeader header)
    {
        header = default;
        for (var at = 0; at + CopyBytes <= bytes.Length; at += CopyBytes)
        {
            var copy = bytes.Slice(at, CopyBytes);
            if (BinaryPrimitives.ReadUInt64LittleEndian(copy) != Magic
                || BinaryPrimitives.ReadUInt32LittleEndian(copy[8..]) != Crc32C.Of(copy[12..]))
            {
                continue;
            }

            var version = BinaryPrimitives.ReadInt32LittleEndian(copy[12..]);
            if (version != Version)
            {
                throw new LogVersionException($"a snapshot has format {version}; this program reads format {Version} only");
            }

            return TryReadCopy(copy, out header);
        }

        return false;
    }

    private static bool TryReadCopy(ReadOnlySpan<byte> copy, out SnapshotHeader header)
    {
        header = default;
        var roles = new ImmutableArray<NodeId>[Roles];
        var at = NodesAt;
        for (var role = 0; role < Roles; role++)
        {
            var count = BinaryPrimitives.ReadUInt16LittleEndian(copy[(54 + (2 * role))..]);
            if (count > LogLimits.ConfStateNodesMax)
            {
                return false;
            }

            var nodes = ImmutableArray.CreateBuilder<NodeId>(count);
            for (var i = 0; i < count; i++, at += sizeof(ulong))
            {
                nodes.Add(new(BinaryPrimitives.ReadUInt64LittleEndian(copy[at..])));
            }

            roles[role] = nodes.MoveToImmutable();
        }

        header = new(
            new(BinaryPrimitives.ReadUInt64LittleEndian(copy[16..])),
            new(
                new(BinaryPrimitives.ReadUInt64LittleEndian(copy[24..])),
                new(BinaryPrimitives.ReadUInt64LittleEndian(copy[32..])),
                new()
                {
                    Voters = roles[0],
                    VotersOutgoing = roles[1],
                    Learners = roles[2],
                    LearnersNext = roles[3],
                    Witnesses = roles[4],
                    AutoLeave = copy[53] != 0,
                }),
            BinaryPrimitives.ReadInt64LittleEndian(copy[40..]),
            BinaryPrimitives.ReadUInt32LittleEndian(copy[48..]),
            copy[52] != 0);
        return header.DataBytes >= 0;
    }
}
