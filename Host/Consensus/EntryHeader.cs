using System.Buffers.Binary;

namespace Wetware.Host.Consensus;

/// <summary>
/// What precedes a command in an entry's payload: who proposed it and under which number, so that the proposer
/// recognises its own entry when it is applied. Sixteen bytes: process start, number; little-endian.
/// </summary>
/// <param name="Process">The server id of the proposing process.</param>
/// <param name="Number">Its number there.</param>
internal readonly record struct EntryHeader(ulong Process, ulong Number)
{
    public const int Bytes = 16;

    public static bool TryRead(ReadOnlySpan<byte> payload, out EntryHeader header)
    {
        if (payload.Length < Bytes)
        {
            header = default;
            return false;
        }

        header = new EntryHeader(BinaryPrimitives.ReadUInt64LittleEndian(payload), BinaryPrimitives.ReadUInt64LittleEndian(payload[8..]));
        return true;
    }

    public void Write(Span<byte> payload)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(payload, Process);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[8..], Number);
    }
}
