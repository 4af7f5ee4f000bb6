using System.Buffers.Binary;
using Wetware.Core;

namespace Wetware.Raft.Log.Format;

/// <summary>A chunk of a snapshot's data in its file: checksum 4, length 4, data. The checksum starts from the chunk's number and covers what follows it.</summary>
internal static class SnapshotChunk
{
    public const int HeaderBytes = 8;
    public const int Stride = HeaderBytes + LogLimits.SnapshotChunkBytes;

    public static long OffsetOf(long chunk) => SnapshotHeader.Bytes + (chunk * Stride);

    /// <summary>Heads a buffer that holds <paramref name="length"/> bytes of data behind room for the header.</summary>
    public static void Seal(Span<byte> buffer, long chunk, int length)
    {
        BinaryPrimitives.WriteInt32LittleEndian(buffer[4..], length);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer, Crc32C.Append((uint)chunk, buffer[4..(HeaderBytes + length)]));
    }

    /// <summary>The data of a chunk that was read, if it is whole.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> buffer, long chunk, out ReadOnlySpan<byte> data)
    {
        data = default;
        if (buffer.Length < HeaderBytes)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(buffer[4..]);
        if (length < 0 || length > buffer.Length - HeaderBytes
            || BinaryPrimitives.ReadUInt32LittleEndian(buffer) != Crc32C.Append((uint)chunk, buffer[4..(HeaderBytes + length)]))
        {
            return false;
        }

        data = buffer.Slice(HeaderBytes, length);
        return true;
    }
}
