using Wetware.Raft.Log.Format;

namespace Wetware.Raft.Log;

/// <summary>Keeps the record that ties a segment to the one before.</summary>
internal sealed class LinkFinder : IRecordSink
{
    public RecordHeader? Link { get; private set; }

    public void OnRecord(ulong sequence, in RecordHeader header, int offset, ReadOnlySpan<byte> payload, bool isIntact)
    {
        if (header.Type == RecordType.Link)
        {
            Link ??= header;
        }
    }

    public void OnHole(ulong firstSequence, ulong lastSequence)
    {
        // What is lost is counted by the scan itself.
    }
}
