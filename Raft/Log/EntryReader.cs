using Wetware.Core;

namespace Wetware.Raft.Log;

/// <summary>Reads the entries of one group: recent ones from memory, the others from their segments.</summary>
internal sealed class EntryReader(WriteAheadLog log, GroupId group, EntryTable entries)
{
    /// <summary>The term of an entry, or of the index before the first.</summary>
    public LogRead Term(LogIndex index, out Term term)
    {
        term = default;
        if (index < entries.Offset)
        {
            return LogRead.Compacted;
        }

        if (index == entries.Offset)
        {
            term = entries.OffsetTerm;
            return LogRead.Ok;
        }

        if (index > entries.LastReadable)
        {
            return LogRead.Unavailable;
        }

        term = entries[index].Term;
        return LogRead.Ok;
    }

    /// <summary>Entries from <paramref name="from"/> to before <paramref name="until"/>: at least one, and then as many as the limit on bytes allows.</summary>
    public LogRead Entries(LogIndex from, LogIndex until, ulong bytesMax, EntryBuffer destination)
    {
        if (from <= entries.Offset)
        {
            return LogRead.Compacted;
        }

        if (until > entries.LastReadable.Next || from >= until)
        {
            return LogRead.Unavailable;
        }

        var index = from.Value;
        ulong bytes = 0;
        if (!entries.IsCached(index))
        {
            var cold = entries.ColdUntil(index, until.Value);
            index = ReadCold(index, cold, bytesMax, destination, out bytes);
            if (index == from.Value)
            {
                return LogRead.Unavailable;
            }

            if (index < cold)
            {
                return LogRead.Ok;
            }
        }

        for (; index < until.Value; index++)
        {
            ref readonly var entry = ref entries.Cached(index);
            bytes += entry.EncodedBytes;
            if (bytes > bytesMax && index != from.Value)
            {
                break;
            }

            destination.Add(entry);
        }

        return LogRead.Ok;
    }

    private ulong ReadCold(ulong index, ulong until, ulong bytesMax, EntryBuffer destination, out ulong bytes)
    {
        bytes = 0;
        for (var first = index; index < until; index++)
        {
            ref readonly var position = ref entries[new(index)];
            bytes += new Entry(position.Term, new(index), position.Type, default).EncodedBytes + (ulong)position.Length;
            if (bytes > bytesMax && index != first)
            {
                break;
            }

            if (!log.TryRead(group, new(index), position, out var entry))
            {
                entries.BecomeDamaged(new(index));
                log.IsDamaged = true;
                break;
            }

            destination.Add(entry);
        }

        return index;
    }
}
