namespace Wetware.Raft.Log;

/// <summary>What opening a data folder found.</summary>
public sealed record RecoveryReport
{
    /// <summary>Whether the folder was made just now: a node with a known id must then rejoin as a learner.</summary>
    public bool IsFresh { get; init; }

    /// <summary>Segments read.</summary>
    public int Segments { get; init; }

    /// <summary>Bytes read from segments.</summary>
    public long Bytes { get; init; }

    /// <summary>Batches replayed.</summary>
    public long Batches { get; init; }

    /// <summary>Records replayed.</summary>
    public long Records { get; init; }

    /// <summary>Bytes at the end that belonged to a batch nobody was told about, and were dropped.</summary>
    public int TornBytes { get; init; }

    /// <summary>Records of acknowledged batches that are damaged.</summary>
    public long DamagedRecords { get; init; }

    /// <summary>Acknowledged batches of which nothing is left; all groups are then uncertain beyond what they knew to be committed.</summary>
    public ulong LostBatches { get; init; }
}
