namespace Wetware.Raft.Log.Format;

/// <summary>What a scan of one segment found.</summary>
/// <param name="Batches">Batches passed on.</param>
/// <param name="NextSequence">The number that the batch after the last one must have; zero if none was found and none expected.</param>
/// <param name="End">Where the last batch ends.</param>
/// <param name="LastStart">Where the last batch starts; zero if there is none.</param>
/// <param name="LastRecordBytes">Bytes of the last batch's records, end record included; zero if they cannot be used again as they are.</param>
/// <param name="TornBytes">Bytes after <paramref name="End"/> that belonged to a batch nobody was told about.</param>
/// <param name="DamagedRecords">Records of acknowledged batches that are damaged.</param>
/// <param name="LostBatches">Acknowledged batches of which nothing is left.</param>
internal readonly record struct ScanResult(
    long Batches,
    ulong NextSequence,
    int End,
    int LastStart,
    int LastRecordBytes,
    int TornBytes,
    long DamagedRecords,
    ulong LostBatches);
