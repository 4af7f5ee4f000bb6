namespace Wetware.Raft.Log;

/// <summary>How a log is opened.</summary>
public sealed record LogOptions
{
    /// <summary>Whose data folder it must be. A fresh folder is marked with it.</summary>
    public required LogIdentity Identity { get; init; }

    /// <summary>Bytes of a segment; a multiple of <see cref="SectorBytes"/>. A folder keeps the size it was made with.</summary>
    public int SegmentBytes { get; init; } = LogLimits.SegmentBytesDefault;

    /// <summary>Bytes of the unit that the disk may damage or lose on its own; a power of two. A folder keeps the size it was made with.</summary>
    public int SectorBytes { get; init; } = LogLimits.SectorBytesDefault;

    /// <summary>Payload bytes of recent entries kept in memory per group.</summary>
    public int CacheBytes { get; init; } = LogLimits.CacheBytesDefault;
}
