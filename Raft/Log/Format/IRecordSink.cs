namespace Wetware.Raft.Log.Format;

/// <summary>What a scan of a segment tells, in the order of the log.</summary>
internal interface IRecordSink
{
    /// <summary>One record of batch <paramref name="sequence"/>.</summary>
    /// <param name="sequence">The batch.</param>
    /// <param name="header">Its header, from the record or from its copy; sound either way.</param>
    /// <param name="offset">Where in the segment it lies.</param>
    /// <param name="payload">The payload, or nothing if it is damaged.</param>
    /// <param name="isIntact">Whether the record itself is whole on disk.</param>
    void OnRecord(ulong sequence, in RecordHeader header, int offset, ReadOnlySpan<byte> payload, bool isIntact);

    /// <summary>Batches were here, and were acknowledged, and nothing is left of them.</summary>
    void OnHole(ulong firstSequence, ulong lastSequence);
}
