using Wetware.Core;

namespace Wetware.Raft.Log;

/// <summary>Bounds of the stored log, each with its unit and reason.</summary>
public static class LogLimits
{
    /// <summary>Bytes of a segment unless options say otherwise: large enough that rolling is rare, small enough that compaction frees room in steps.</summary>
    public const int SegmentBytesDefault = 64 << 20;

    /// <summary>Bytes of the largest segment: offsets are 32-bit, and recovery holds one segment in memory.</summary>
    public const int SegmentBytesMax = 1 << 30;

    /// <summary>Bytes of the smallest unit that a disk damages or loses, unless options say otherwise: the physical sector of today's disks.</summary>
    public const int SectorBytesDefault = 4096;

    /// <summary>Bytes of the smallest sector that a disk writes whole, and that holds every fixed header.</summary>
    public const int SectorBytesMin = 512;

    /// <summary>Bytes of the largest sector.</summary>
    public const int SectorBytesMax = 1 << 16;

    /// <summary>Sectors of the smallest segment: a header, a batch of two, and room to be worth rolling.</summary>
    public const int SegmentSectorsMin = 8;

    /// <summary>Payload bytes of recent entries kept in memory per group unless options say otherwise: what followers that keep up ask for.</summary>
    public const int CacheBytesDefault = 1 << 20;

    /// <summary>Recent entries kept in memory per group: bounds the cache of tiny entries.</summary>
    public const int CacheEntriesMax = 1 << 14;

    /// <summary>Released segments kept for reuse: the one being filled needs one successor, and a burst one more.</summary>
    public const int SpareSegmentsMax = 2;

    /// <summary>Groups in one log: bounds what a damaged file can make recovery allocate.</summary>
    public const int GroupsMax = 1 << 16;

    /// <summary>Entries of a group that may be absent between two known ones before recovery calls the file nonsense.</summary>
    public const int GapEntriesMax = 1 << 24;

    /// <summary>The highest index a log can have: half of all numbers, so that sums of an index and a count never overflow.</summary>
    public const ulong IndexMax = long.MaxValue;

    /// <summary>Bytes of a snapshot's chunk: one checksum each, and what is sent again after a broken transfer.</summary>
    public const int SnapshotChunkBytes = 1 << 16;

    /// <summary>Members that a stored configuration may name, per role.</summary>
    public const int ConfStateNodesMax = 256;

    internal static void Check(int segmentBytes, int sectorBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sectorBytes, SectorBytesMin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sectorBytes, SectorBytesMax);
        ArgumentOutOfRangeException.ThrowIfNotEqual(System.Numerics.BitOperations.IsPow2(sectorBytes), true, nameof(sectorBytes));
        ArgumentOutOfRangeException.ThrowIfLessThan(segmentBytes, SegmentSectorsMin * sectorBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(segmentBytes, SegmentBytesMax);
        ArgumentOutOfRangeException.ThrowIfNotEqual(segmentBytes % sectorBytes, 0, nameof(segmentBytes));
        Invariant.Check(Format.SegmentHeader.Bytes <= SectorBytesMin && Format.FrameHeader.Bytes + Format.RecordHeader.Bytes <= SectorBytesMin);
    }
}
