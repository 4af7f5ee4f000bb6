using System.Buffers.Binary;
using Wetware.Core;

namespace Wetware.Raft.Log.Format;

/// <summary>
/// Whose data folder it is and how it is laid out, twice in sectors of their own. Little-endian: magic 8, checksum 4, version 4, cluster 8, node 8,
/// incarnation 8, segment bytes 4, sector bytes 4. The checksum covers what follows it.
/// </summary>
internal readonly record struct IdentityFile(LogIdentity Identity, int SegmentBytes, int SectorBytes)
{
    /// <summary>Bytes of the file: two copies.</summary>
    public const int Bytes = 2 * CopyStride;

    public const int Version = 2;

    private const int CopyStride = LogLimits.SectorBytesMax;
    private const int CopyBytes = 48;
    private const ulong Magic = 0x5449_4e45_4449_5757;

    public byte[] Encode()
    {
        var bytes = new byte[Bytes];
        for (var at = 0; at < Bytes; at += CopyStride)
        {
            var copy = bytes.AsSpan(at, CopyBytes);
            BinaryPrimitives.WriteUInt64LittleEndian(copy, Magic);
            BinaryPrimitives.WriteInt32LittleEndian(copy[12..], Version);
            BinaryPrimitives.WriteUInt64LittleEndian(copy[16..], Identity.Cluster);
            BinaryPrimitives.WriteUInt64LittleEndian(copy[24..], Identity.Node.Value);
            BinaryPrimitives.WriteUInt64LittleEndian(copy[32..], Identity.Incarnation);
            BinaryPrimitives.WriteInt32LittleEndian(copy[40..], SegmentBytes);
            BinaryPrimitives.WriteInt32LittleEndian(copy[44..], SectorBytes);
            BinaryPrimitives.WriteUInt32LittleEndian(copy[8..], Crc32C.Of(copy[12..]));
        }

        return bytes;
    }

    /// <summary>Reads whichever copy is whole.</summary>
    /// <exception cref="LogVersionException">Another format.</exception>
    /// <exception cref="LogFormatException">Neither copy is whole.</exception>
    public static IdentityFile Decode(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; at + CopyBytes <= bytes.Length; at += CopyStride)
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
                throw new LogVersionException($"the data folder has format {version}; this program reads format {Version} only");
            }

            return Checked(new(
                new(
                    BinaryPrimitives.ReadUInt64LittleEndian(copy[16..]),
                    new(BinaryPrimitives.ReadUInt64LittleEndian(copy[24..])),
                    BinaryPrimitives.ReadUInt64LittleEndian(copy[32..])),
                BinaryPrimitives.ReadInt32LittleEndian(copy[40..]),
                BinaryPrimitives.ReadInt32LittleEndian(copy[44..])));
        }

        throw new LogFormatException("the identity file is damaged in both copies");
    }

    private static IdentityFile Checked(IdentityFile file)
    {
        try
        {
            LogLimits.Check(file.SegmentBytes, file.SectorBytes);
        }
        catch (ArgumentException nonsense)
        {
            throw new LogFormatException("the identity file names impossible sizes", nonsense);
        }

        return file;
    }
}
