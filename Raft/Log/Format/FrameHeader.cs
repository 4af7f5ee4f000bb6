using System.Buffers.Binary;
using Wetware.Core;

namespace Wetware.Raft.Log.Format;

/// <summary>
/// The commit frame of a batch, in sectors of its own after the batch's records: what the batch is and where, followed by a copy of
/// every record header. No single damaged sector takes both a header and its copy. Little-endian: magic 8, checksum 4,
/// count 4, sequence 8, segment 8, start 4, record bytes 4, zeros 24. The checksum covers what follows it, copies included, and
/// starts from the segment's salt.
/// </summary>
internal readonly record struct FrameHeader
{
    public const int Bytes = 64;

    private const ulong Magic = 0x454d_4152_4647_4c57;

    /// <summary>The number of the batch; consecutive over the whole log.</summary>
    public ulong Sequence { get; init; }

    /// <summary>The number of the segment it lies in.</summary>
    public ulong Segment { get; init; }

    /// <summary>Where in the segment the batch's first record starts.</summary>
    public int Start { get; init; }

    /// <summary>Bytes of the records, the end record included, before padding to a sector.</summary>
    public int RecordBytes { get; init; }

    /// <summary>How many record headers are copied: all but the end record's.</summary>
    public int Count { get; init; }

    /// <summary>Bytes of the frame with its copies, before padding to a sector.</summary>
    public int Length => LengthOf(Count);

    /// <summary>Bytes of a frame of <paramref name="count"/> records.</summary>
    public static int LengthOf(int count) => Bytes + (count * RecordHeader.Bytes);

    /// <summary>Writes the header over a buffer that already holds the copies, and the checksum.</summary>
    public void Write(Span<byte> destination, uint salt)
    {
        Invariant.Check(destination.Length == Length);
        destination[..Bytes].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(destination, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(destination[12..], Count);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[16..], Sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[24..], Segment);
        BinaryPrimitives.WriteInt32LittleEndian(destination[32..], Start);
        BinaryPrimitives.WriteInt32LittleEndian(destination[36..], RecordBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[8..], Crc32C.Append(salt, destination[12..]));
    }

    /// <summary>Reads the frame at the start of <paramref name="source"/> if there is a whole one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, uint salt, out FrameHeader frame)
    {
        frame = default;
        if (source.Length < Bytes || BinaryPrimitives.ReadUInt64LittleEndian(source) != Magic)
        {
            return false;
        }

        var count = BinaryPrimitives.ReadInt32LittleEndian(source[12..]);
        if (count < 0 || count > (source.Length - Bytes) / RecordHeader.Bytes)
        {
            return false;
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(source[8..]) != Crc32C.Append(salt, source[12..LengthOf(count)]))
        {
            return false;
        }

        frame = new()
        {
            Count = count,
            Sequence = BinaryPrimitives.ReadUInt64LittleEndian(source[16..]),
            Segment = BinaryPrimitives.ReadUInt64LittleEndian(source[24..]),
            Start = BinaryPrimitives.ReadInt32LittleEndian(source[32..]),
            RecordBytes = BinaryPrimitives.ReadInt32LittleEndian(source[36..]),
        };
        return true;
    }
}
