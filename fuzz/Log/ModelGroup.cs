using Wetware.Core;
using Wetware.Raft;
using Wetware.Raft.Log;

namespace Wetware.Fuzz.Log;

/// <summary>What one group's log must hold, in the plainest way: the oracle of the log's properties.</summary>
internal sealed record ModelGroup
{
    public ulong Offset { get; init; }

    public ulong OffsetTerm { get; init; }

    /// <summary>Term and payload bytes of the entries after <see cref="Offset"/>.</summary>
    public (ulong Term, int Bytes)[] Entries { get; init; } = [];

    public HardState HardState { get; init; }

    public ulong Last => Offset + (ulong)Entries.Length;

    public ulong LastTerm => Entries.Length > 0 ? Entries[^1].Term : OffsetTerm;

    public ModelGroup Append(ulong index, ulong term, int bytes) =>
        this with { Entries = [.. Entries[..(int)(index - Offset - 1)], (term, bytes)] };

    public ModelGroup Compact(ulong index) =>
        this with { Offset = index, OffsetTerm = Entries[(int)(index - Offset - 1)].Term, Entries = Entries[(int)(index - Offset)..] };

    public ModelGroup Install(ulong index, ulong term) => this with { Offset = index, OffsetTerm = term, Entries = [] };

    /// <summary>Whether a log shows exactly this.</summary>
    public bool Matches(GroupLog log)
    {
        if (log.HasUnknown || log.IsHardStateUnknown || log.IsTailUncertain || log.HardState != HardState
            || log.FirstIndex.Value != Offset + 1 || log.LastIndex.Value != Last
            || log.Term(new(Offset), out var term) != LogRead.Ok || term.Value != OffsetTerm)
        {
            return false;
        }

        return Logs.Dump(log).Select(e => (e.Term, e.Bytes)).SequenceEqual(Entries);
    }

    /// <summary>Whether a log shows this, or says of whatever it does not show that it is unknown.</summary>
    public bool IsCoveredBy(GroupLog log)
    {
        if (!log.IsHardStateUnknown && (log.HardState.Term < HardState.Term
            || (log.HardState.Term == HardState.Term && HardState.Vote != NodeId.None && log.HardState.Vote != HardState.Vote)))
        {
            return false;
        }

        var unknown = log.Unknown().Select(u => u.Index.Value).ToHashSet();
        var buffer = new EntryBuffer();
        for (var index = Math.Max(Offset + 1, log.FirstIndex.Value); index <= Last; index++)
        {
            if (unknown.Contains(index) || (log.IsTailUncertain && index > log.StoredLast.Value))
            {
                continue;
            }

            if (index > log.LastIndex.Value)
            {
                // Behind an unknown entry: kept, but not shown.
                if (log.HasUnknown && index <= log.StoredLast.Value)
                {
                    continue;
                }

                return false;
            }

            buffer.Clear();
            var (term, bytes) = Entries[(int)(index - Offset - 1)];
            if (log.Entries(new(index), new(index + 1), 0, buffer) != LogRead.Ok
                || buffer[0].Term.Value != term
                || !buffer[0].Data.Span.SequenceEqual(Logs.Payload(term, index, bytes)))
            {
                return false;
            }
        }

        return true;
    }
}
