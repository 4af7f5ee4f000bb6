using Wetware.Core;

namespace Wetware.Raft.Consensus;

/// <summary>
/// Which committed entries were handed out to be applied and which are done, bounded by the bytes under way.
/// </summary>
internal sealed class ApplyQueue(LogIndex applied, ulong bytesMax)
{
    private ulong _bytes;
    private bool _isPaused;

    /// <summary>The highest index handed out. Invariant: between <see cref="Applied"/> and the log's commit index.</summary>
    public LogIndex Applying { get; private set; } = applied;

    /// <summary>The highest index whose effects the state machine has.</summary>
    public LogIndex Applied { get; private set; } = applied;

    /// <summary>Bytes of entries under way at most.</summary>
    public ulong BytesMax => bytesMax;

    /// <summary>Whether there are entries to hand out, given how far they may go.</summary>
    public bool HasNext(RaftLog log, bool allowUnstable) =>
        !_isPaused && log.Unstable.Snapshot is null && Applying < Limit(log, allowUnstable);

    /// <summary>Hands out the next entries as part of a buffer.</summary>
    public ReadOnlyMemory<Entry> Take(RaftLog log, bool allowUnstable, EntryBuffer buffer)
    {
        if (!HasNext(log, allowUnstable))
        {
            return default;
        }

        Invariant.Check(_bytes < bytesMax);
        var start = buffer.Count;
        if (!log.TryRead(Applying.Next, Limit(log, allowUnstable).Next, bytesMax - _bytes, buffer))
        {
            return default;
        }

        var taken = buffer.Range(start, buffer.Count - start);
        Accept(taken.Span, Limit(log, allowUnstable));
        return taken;
    }

    /// <summary>Everything up to <paramref name="index"/> is applied; of what was handed out, that many bytes are done.</summary>
    public void AppliedTo(LogIndex index, ulong bytes)
    {
        Applied = index > Applied ? index : Applied;
        Applying = Applying > Applied ? Applying : Applied;
        _bytes -= Math.Min(_bytes, bytes);
        _isPaused = _bytes >= bytesMax;
    }

    /// <summary>What entries count against the limit.</summary>
    public static ulong BytesOf(ReadOnlySpan<Entry> entries)
    {
        ulong bytes = 0;
        foreach (ref readonly var entry in entries)
        {
            bytes += entry.EncodedBytes;
        }

        return bytes;
    }

    private static LogIndex Limit(RaftLog log, bool allowUnstable)
    {
        // Unless the host persists before it applies, only what is durable here may be applied.
        var durable = log.Unstable.Offset.Previous;
        return allowUnstable || log.Committed < durable ? log.Committed : durable;
    }

    private void Accept(ReadOnlySpan<Entry> entries, LogIndex limit)
    {
        Applying = entries[^1].Index;
        _bytes += BytesOf(entries);
        // If the limit cut the entries short, the next one alone would exceed it.
        _isPaused = _bytes >= bytesMax || Applying < limit;
    }
}
