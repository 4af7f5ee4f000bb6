using System.Buffers.Binary;
using Wetware.Core;

namespace Wetware.Raft.Log.Format;

/// <summary>
/// What a group has to remember of segments that are gone. Each group has a pair of slots in the state file, a sector each; one is synced
/// before the other is touched, so that a torn write leaves the older and a damaged sector leaves its twin. Little-endian:
/// magic 8, checksum 4, flags 4, group 8, sequence 8, batch 8, oldest segment 8, term 8, vote 8, commit 8, offset 8, offset term 8.
/// The checksum covers what follows it and starts from the folder's incarnation.
/// </summary>
internal readonly record struct StateSlot
{
    public const int Bytes = 88;

    private const ulong Magic = 0x544f_4c53_4753_5757;

    public GroupId Group { get; init; }

    /// <summary>Counts the writes of the pair.</summary>
    public ulong Sequence { get; init; }

    /// <summary>The last batch whose effects are in the slot.</summary>
    public ulong Batch { get; init; }

    /// <summary>The oldest segment that may not be missing.</summary>
    public ulong OldestSegment { get; init; }

    public HardState HardState { get; init; }

    public LogIndex Offset { get; init; }

    public Term OffsetTerm { get; init; }

    public bool IsHardStateUnknown { get; init; }

    public bool IsTailUncertain { get; init; }

    public static uint Salt(ulong incarnation) => SegmentHeader.Salt(0, incarnation);

    public void Write(Span<byte> sector, uint salt)
    {
        sector.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(sector, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(sector[12..], (IsHardStateUnknown ? 1 : 0) | (IsTailUncertain ? 2 : 0));
        BinaryPrimitives.WriteUInt64LittleEndian(sector[16..], Group.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(sector[24..], Sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(sector[32..], Batch);
        BinaryPrimitives.WriteUInt64LittleEndian(sector[40..], OldestSegment);
        BinaryPrimitives.WriteUInt64LittleEndian(sector[48..], HardState.Term.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(sector[56..], HardState.Vote.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(sector[64..], HardState.Commit.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(sector[72..], Offset.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(sector[80..], OffsetTerm.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[8..], Crc32C.Append(salt, sector[12..Bytes]));
    }

    public static bool TryRead(ReadOnlySpan<byte> sector, uint salt, out StateSlot slot)
    {
        slot = default;
        if (sector.Length < Bytes
            || BinaryPrimitives.ReadUInt64LittleEndian(sector) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(sector[8..]) != Crc32C.Append(salt, sector[12..Bytes]))
        {
            return false;
        }

        var flags = BinaryPrimitives.ReadInt32LittleEndian(sector[12..]);
        slot = new()
        {
            Group = new(BinaryPrimitives.ReadUInt64LittleEndian(sector[16..])),
            Sequence = BinaryPrimitives.ReadUInt64LittleEndian(sector[24..]),
            Batch = BinaryPrimitives.ReadUInt64LittleEndian(sector[32..]),
            OldestSegment = BinaryPrimitives.ReadUInt64LittleEndian(sector[40..]),
            HardState = new(
                new(BinaryPrimitives.ReadUInt64LittleEndian(sector[48..])),
                new(BinaryPrimitives.ReadUInt64LittleEndian(sector[56..])),
                new(BinaryPrimitives.ReadUInt64LittleEndian(sector[64..]))),
            Offset = new(BinaryPrimitives.ReadUInt64LittleEndian(sector[72..])),
            OffsetTerm = new(BinaryPrimitives.ReadUInt64LittleEndian(sector[80..])),
            IsHardStateUnknown = (flags & 1) != 0,
            IsTailUncertain = (flags & 2) != 0,
        };
        return true;
    }
}
