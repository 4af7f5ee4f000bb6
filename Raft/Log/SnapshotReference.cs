using System.Buffers.Binary;

namespace Wetware.Raft.Log;

/// <summary>What <see cref="Snapshot.Data"/> of a stored snapshot holds: how large its data are, and their checksum.</summary>
/// <param name="Bytes">Bytes of data.</param>
/// <param name="Checksum">CRC-32C of the data.</param>
public readonly record struct SnapshotReference(long Bytes, uint Checksum)
{
    /// <summary>The reference as a snapshot carries it: bytes 8, checksum 4, little-endian.</summary>
    public ReadOnlyMemory<byte> Encode()
    {
        var bytes = new byte[12];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Checksum);
        return bytes;
    }

    /// <summary>Reads what <see cref="Encode"/> wrote; false if it is something else.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out SnapshotReference reference)
    {
        reference = default;
        if (bytes.Length != 12 || BinaryPrimitives.ReadInt64LittleEndian(bytes) < 0)
        {
            return false;
        }

        reference = new(BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]));
        return true;
    }
}
