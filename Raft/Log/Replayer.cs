using Wetware.Core;
using Wetware.Raft.Log.Format;

namespace Wetware.Raft.Log;

/// <summary>Passes records on to their groups.</summary>
internal sealed class Replayer(WriteAheadLog log) : IRecordSink
{
    private ulong _lostUntil;
    private GroupLog? _group;

    public Segment? Segment { get; set; }

    public long Records { get; private set; }

    public void OnRecord(ulong sequence, in RecordHeader header, int offset, ReadOnlySpan<byte> payload, bool isIntact)
    {
        Records++;
        if (header.Type is RecordType.Link or RecordType.End)
        {
            return;
        }

        if (_group is null || _group.Id != header.Group)
        {
            Switch(header.Group);
        }

        _group!.Replay(sequence, header, Segment!, offset, isIntact);
    }

    private void Switch(GroupId id)
    {
        var known = log.Groups.Count;
        _group = log.Group(id);
        if (_lostUntil > 0 && log.Groups.Count > known)
        {
            // Whatever the group was told first is in the hole.
            _group.ReplayHole(_lostUntil);
        }
    }

    public void OnHole(ulong firstSequence, ulong lastSequence)
    {
        _lostUntil = lastSequence;
        foreach (var group in log.Groups)
        {
            group.ReplayHole(lastSequence);
        }
    }
}
