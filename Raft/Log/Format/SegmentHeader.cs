using System.Buffers.Binary;
using Wetware.Core;

namespace Wetware.Raft.Log.Format;

/// <summary>
/// The first sector of a segment, synced before the segment is used. Little-endian: magic 8, checksum 4, version 4,
/// number 8, incarnation 8. The checksum covers what follows it.
/// </summary>
internal static class SegmentHeader
{
    public const int Bytes = 32;
    public const int Version = 1;

    private const ulong Magic = 0x474f_4c54_4657_5757;

    public static void Write(Span<byte> destination, ulong number, ulong incarnation)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(destination, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(destination[12..], Version);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[16..], number);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[24..], incarnation);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[8..], Crc32C.Of(destination[12..Bytes]));
    }

    /// <summary>
    /// Checks a segment's header. A damaged one proves nothing, because all it says is known from elsewhere; a sound one of
    /// another version or folder does.
    /// </summary>
    /// <exception cref="LogVersionException">Another format.</exception>
    /// <exception cref="LogFormatException">A segment of another folder, or under another name.</exception>
    public static void Verify(ReadOnlySpan<byte> source, ulong number, ulong incarnation, string name)
    {
        if (source.Length < Bytes
            || BinaryPrimitives.ReadUInt64LittleEndian(source) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(source[8..]) != Crc32C.Of(source[12..Bytes]))
        {
            return;
        }

        var version = BinaryPrimitives.ReadInt32LittleEndian(source[12..]);
        if (version != Version)
        {
            throw new LogVersionException($"segment {name} has format {version}; this program reads format {Version} only");
        }

        if (BinaryPrimitives.ReadUInt64LittleEndian(source[16..]) != number)
        {
            throw new LogFormatException($"segment {name} was written under another name");
        }

        if (BinaryPrimitives.ReadUInt64LittleEndian(source[24..]) != incarnation)
        {
            throw new LogFormatException($"segment {name} was copied from another data folder");
        }
    }

    /// <summary>What checksums of a segment start from: bytes of other segments and other folders do not match.</summary>
    public static uint Salt(ulong number, ulong incarnation)
    {
        Span<byte> both = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(both, number);
        BinaryPrimitives.WriteUInt64LittleEndian(both[8..], incarnation);
        return Crc32C.Of(both);
    }
}
