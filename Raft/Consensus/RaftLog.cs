using Wetware.Core;

namespace Wetware.Raft.Consensus;

/// <summary>
/// The whole log as the core sees it: what storage holds, and the unstable end that takes precedence over it.
/// </summary>
internal sealed class RaftLog
{
    private readonly IRaftStorage _storage;
    private readonly EntryBuffer _scratch = new();

    public RaftLog(IRaftStorage storage)
    {
        _storage = storage;
        LastIndex = storage.LastIndex;
        if (storage.Term(LastIndex, out var last) != LogRead.Ok)
        {
            throw new InconsistentStorageException($"the stored log ends at {LastIndex} but its term there cannot be read");
        }

        LastTerm = last;
        Unstable = new(LastIndex.Next);
        Committed = storage.FirstIndex.Previous;
    }

    /// <summary>What is not known to be durable.</summary>
    public UnstableLog Unstable { get; }

    /// <summary>The highest index known to be committed. Invariant: not above <see cref="LastIndex"/>.</summary>
    public LogIndex Committed { get; private set; }

    /// <summary>The last index of the log.</summary>
    public LogIndex LastIndex { get; private set; }

    /// <summary>Where the part of the log ends that the storage has said to be durable.</summary>
    public LogIndex DurableIndex => Unstable.Offset.Previous;

    /// <summary>The term of the last entry.</summary>
    public Term LastTerm { get; private set; }

    /// <summary>Counts truncations: while it stands still, entries that were read stay what they are.</summary>
    public ulong Version { get; private set; }

    /// <summary>The first index whose entry can be read.</summary>
    public LogIndex FirstIndex => Unstable.Snapshot is { } snapshot ? snapshot.Metadata.Index.Next : _storage.FirstIndex;

    /// <summary>Takes the commit index from before a restart.</summary>
    public void StartAt(LogIndex committed)
    {
        if (committed < Committed || committed > LastIndex)
        {
            throw new InconsistentStorageException($"the stored commit index {committed} is outside the stored log [{Committed}, {LastIndex}]");
        }

        Committed = committed;
    }

    /// <summary>The term of the entry at an index, which may also be the one before the first.</summary>
    public bool TryTerm(LogIndex index, out Term term)
    {
        if (index == LastIndex)
        {
            term = LastTerm;
            return true;
        }

        if (Unstable.TryTerm(index, out term))
        {
            return true;
        }

        return index < LastIndex && index.Next >= FirstIndex && _storage.Term(index, out term) == LogRead.Ok;
    }

    /// <summary>Whether the entry at <paramref name="index"/> is known and of that term.</summary>
    public bool Matches(LogIndex index, Term term) => TryTerm(index, out var here) && here == term;

    /// <summary>Whether a log that ends in that entry is not behind this one (Ongaro 2014, section 3.6.1).</summary>
    public bool IsUpToDate(LogIndex last, Term term) => term > LastTerm || (term == LastTerm && last >= LastIndex);

    /// <summary>
    /// The best guess at where another log, of which one entry is known, still agrees with this one: the highest index
    /// not above <paramref name="index"/> whose term here is at most <paramref name="term"/> or not known (then it is 0).
    /// </summary>
    public (LogIndex Index, Term Term) FindConflictByTerm(LogIndex index, Term term)
    {
        for (; index > LogIndex.Zero; index = index.Previous)
        {
            if (!TryTerm(index, out var here))
            {
                return (index, default);
            }

            if (here <= term)
            {
                return (index, here);
            }
        }

        return default;
    }

    /// <summary>Appends a leader's own proposals.</summary>
    public void Append(ReadOnlySpan<Entry> proposals, Term term)
    {
        var added = Unstable.Extend(proposals.Length);
        var index = LastIndex;
        for (var i = 0; i < added.Length; i++)
        {
            index = index.Next;
            added[i] = new(term, index, proposals[i].Type, proposals[i].Data);
        }

        (LastIndex, LastTerm) = (index, term);
    }

    /// <summary>Takes entries from a leader that follow (<paramref name="prevTerm"/>, <paramref name="prev"/>), and its commit index.</summary>
    public AppendOutcome MaybeAppend(LogIndex prev, Term prevTerm, ReadOnlySpan<Entry> entries, LogIndex commit)
    {
        if (!Matches(prev, prevTerm))
        {
            return AppendOutcome.Mismatch;
        }

        var known = 0;
        while (known < entries.Length && entries[known].Index <= LastIndex && Matches(entries[known].Index, entries[known].Term))
        {
            known++;
        }

        if (known < entries.Length)
        {
            if (entries[known].Index <= Committed)
            {
                return AppendOutcome.Contradiction;
            }

            Replace(entries[known..]);
        }

        var last = prev + (ulong)entries.Length;
        CommitTo(commit < last ? commit : last);
        return AppendOutcome.Appended;
    }

    /// <summary>Raises the commit index. Invariant: the entry is there.</summary>
    public void CommitTo(LogIndex index)
    {
        if (index > Committed)
        {
            Invariant.Check(index <= LastIndex);
            Committed = index;
        }
    }

    /// <summary>Raises the commit index of a leader, which counts replicas only for entries of its own term (section 3.6.2).</summary>
    public bool MaybeCommit(LogIndex index, Term term)
    {
        if (index <= Committed || !Matches(index, term))
        {
            return false;
        }

        CommitTo(index);
        return true;
    }

    /// <summary>Replaces the whole log by a snapshot.</summary>
    public void Restore(Snapshot snapshot)
    {
        Version++;
        Unstable.Restore(snapshot);
        (LastIndex, LastTerm) = (snapshot.Metadata.Index, snapshot.Metadata.Term);
        Committed = LastIndex;
    }

    /// <summary>The snapshot to send to a follower; null while there is none.</summary>
    public Snapshot? Snapshot() =>
        Unstable.Snapshot ?? (_storage.Snapshot(out var stored) == LogRead.Ok ? stored : null);

    /// <summary>
    /// Appends [<paramref name="from"/>, <paramref name="until"/>) to a buffer, or as much of it as the limit allows, but
    /// at least one entry. False if the first are compacted.
    /// </summary>
    public bool TryRead(LogIndex from, LogIndex until, ulong bytesMax, EntryBuffer destination)
    {
        Invariant.Check(from <= until && until <= LastIndex.Next);
        if (from < FirstIndex)
        {
            return false;
        }

        var start = destination.Count;
        if (from < Unstable.Offset)
        {
            var storedUntil = until < Unstable.Offset ? until : Unstable.Offset;
            if (from < storedUntil && _storage.Entries(from, storedUntil, bytesMax, destination) != LogRead.Ok)
            {
                destination.Truncate(start);
                return false;
            }

            var stored = destination.Count - start;
            Invariant.Check(stored == 0 || destination[start].Index == from);
            from += (ulong)stored;
            if (from < storedUntil || from == until)
            {
                return true;
            }
        }

        AppendUnstable(Unstable.Slice(from, until), bytesMax, destination, start);
        return true;
    }

    /// <summary>Whether a configuration change lies in (<paramref name="after"/>, <paramref name="last"/>], read in pages of that size.</summary>
    public bool HasConfChange(LogIndex after, LogIndex last, ulong pageBytes)
    {
        for (var next = after.Next; next <= last; next += (ulong)_scratch.Count)
        {
            _scratch.Clear();
            if (!TryRead(next, last.Next, pageBytes, _scratch))
            {
                // Unreadable entries may hide a change: saying so only delays an election.
                return true;
            }

            foreach (ref readonly var entry in _scratch.Span)
            {
                if (entry.IsConfChange)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static void AppendUnstable(ReadOnlySpan<Entry> entries, ulong bytesMax, EntryBuffer destination, int start)
    {
        if (bytesMax == ulong.MaxValue)
        {
            destination.AddRange(entries);
            return;
        }

        ulong bytes = 0;
        foreach (ref readonly var entry in destination.Span[start..])
        {
            bytes += entry.EncodedBytes;
        }

        var count = 0;
        for (; count < entries.Length; count++)
        {
            bytes += entries[count].EncodedBytes;
            if (bytes > bytesMax && (count > 0 || destination.Count > start))
            {
                break;
            }
        }

        destination.AddRange(entries[..count]);
    }

    private void Replace(ReadOnlySpan<Entry> entries)
    {
        if (entries[0].Index <= LastIndex)
        {
            Version++;
            Unstable.TruncateFrom(entries[0].Index);
        }

        entries.CopyTo(Unstable.Extend(entries.Length));
        (LastIndex, LastTerm) = (entries[^1].Index, entries[^1].Term);
    }
}
