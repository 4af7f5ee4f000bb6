using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Wetware.Core;

namespace Wetware.Raft.Log.Format;

/// <summary>
/// The fixed part of a record, laid out in memory as it lies on disk; the payload follows, padded with zeros to 8 bytes. Little-endian:
/// checksum 4, length 4, type 1, entry type 1, flags 2, batch 4, group 8, term 8, index 8, extra 8. The checksum covers all
/// that follows it, and starts from the segment's salt, so that bytes of another segment or an earlier life never match.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1, Size = Bytes)]
internal readonly record struct RecordHeader
{
    public const int Bytes = 48;

    public RecordHeader()
    {
    }

    public uint Checksum { get; init; }

    public int Length { get; init; }

    public RecordType Type { get; init; }

    public EntryType EntryType { get; init; }

    public RecordFlags Flags { get; init; }

    /// <summary>The low half of the number of the batch that the record belongs to.</summary>
    public uint Batch { get; init; }

    public GroupId Group { get; init; }

    public Term Term { get; init; }

    public LogIndex Index { get; init; }

    public ulong Extra { get; init; }

    /// <summary>What a record with a payload of <paramref name="length"/> bytes occupies.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Padded(int length) => Bytes + ((length + 7) & ~7);

    /// <summary>Writes header, payload and padding, and the checksum over them, to exactly <see cref="Padded"/> bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(Span<byte> destination, ReadOnlySpan<byte> payload, uint salt)
    {
        Invariant.Check(payload.Length == Length && destination.Length == Padded(Length) && BitConverter.IsLittleEndian);
        MemoryMarshal.Write(destination, in this);
        if (payload.Length > 0)
        {
            MemoryMarshal.Write(destination[^8..], 0UL);
            payload.CopyTo(destination[Bytes..]);
        }

        MemoryMarshal.Write(destination, Crc32C.Append(salt, destination[4..(Bytes + payload.Length)]));
    }

    /// <summary>Reads the fixed part, as it is: nothing in it is to be believed before <see cref="IsIntact"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static RecordHeader Read(ReadOnlySpan<byte> source) => MemoryMarshal.Read<RecordHeader>(source);

    /// <summary>Whether the record at the start of <paramref name="source"/> is whole: its length fits and its checksum matches.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsIntact(ReadOnlySpan<byte> source, uint salt)
    {
        if (source.Length < Bytes)
        {
            return false;
        }

        var length = MemoryMarshal.Read<int>(source[4..]);
        return length >= 0
            && length <= source.Length - Bytes
            && source[8] is > (byte)RecordType.None and <= (byte)RecordType.Truncate
            && MemoryMarshal.Read<uint>(source) == Crc32C.Append(salt, source[4..(Bytes + length)]);
    }
}
