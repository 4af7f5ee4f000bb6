using Wetware.Core;
using Wetware.Raft.Log.Format;

namespace Wetware.Raft.Log;

/// <summary>Single records of a segment, read and mended where they lie.</summary>
internal static class SegmentRecords
{
    /// <summary>Reads an entry.</summary>
    /// <returns>Whether what is there is that entry, whole.</returns>
    public static bool TryRead(Segment segment, GroupId group, LogIndex index, in EntryPosition position, out Entry entry)
    {
        entry = default;
        var bytes = new byte[RecordHeader.Bytes + position.Length];
        try
        {
            if (segment.File.ReadAt(bytes, position.Offset) < bytes.Length)
            {
                return false;
            }
        }
        catch (IOException)
        {
            // An unreadable sector is a damaged one: the entry becomes unknown, and peers have it.
            return false;
        }

        if (!RecordHeader.IsIntact(bytes, segment.Salt))
        {
            return false;
        }

        var header = RecordHeader.Read(bytes);
        if (header.Group != group || header.Index != index || header.Term != position.Term || header.Length != position.Length)
        {
            return false;
        }

        entry = new(header.Term, header.Index, header.EntryType, bytes.AsMemory(RecordHeader.Bytes));
        return true;
    }

    /// <summary>Writes a record over its damaged self, if it is the same to the last bit, and syncs.</summary>
    /// <returns>Whether it is.</returns>
    public static bool TryMend(Segment segment, in EntryPosition position, in RecordHeader header, ReadOnlySpan<byte> payload)
    {
        var record = new byte[RecordHeader.Padded(payload.Length)];
        header.Write(record, payload, segment.Salt);
        if (RecordHeader.Read(record).Checksum != header.Checksum)
        {
            return false;
        }

        segment.File.WriteAt(record, position.Offset);
        segment.File.Sync();
        return true;
    }
}
