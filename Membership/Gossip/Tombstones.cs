using System.Diagnostics.CodeAnalysis;
using Wetware.Core;

namespace Wetware.Membership.Gossip;

/// <summary>
/// The members that died or left, with the records they had: so that those records are not believed again, the members are recognised
/// when they come back, and all but those who left are looked for. Bounded in number and time; the oldest are forgotten first.
/// </summary>
internal sealed class Tombstones(int countMax, ulong keepMs)
{
    private readonly Dictionary<ulong, Grave> _graves = [];
    private readonly Queue<(ulong Tail, ulong At)> _order = new();
    private readonly List<ulong> _sought = [];

    internal int Count => _graves.Count;

    /// <summary>When the last member died; zero if none did.</summary>
    internal ulong LastDeath { get; private set; }

    internal void Add(SignedRecord record, Fate fate, ulong now)
    {
        Remove(record.Tail);
        while (_graves.Count >= countMax)
        {
            RemoveOldest();
        }

        _graves[record.Tail] = new Grave(record, fate, now);
        _order.Enqueue((record.Tail, now));
        if (fate != Fate.Left)
        {
            _sought.Add(record.Tail);
            LastDeath = now;
        }
    }

    internal bool TryGet(ulong tail, [NotNullWhen(true)] out SignedRecord? record)
    {
        var known = _graves.TryGetValue(tail, out var grave);
        record = grave.Record;
        return known;
    }

    /// <summary>Whether a record is one that is not to be believed any more.</summary>
    internal bool Blocks(SignedRecord record) =>
        _graves.TryGetValue(record.Tail, out var grave)
        && (grave.Fate == Fate.Lost ? grave.Record.Supersedes(record) : !record.Supersedes(grave.Record));

    /// <summary>Whether a digest names a record that is not to be believed any more.</summary>
    internal bool Blocks(Digest digest, [NotNullWhen(true)] out SignedRecord? buried)
    {
        buried = null;
        if (!_graves.TryGetValue(digest.Tail, out var grave))
        {
            return false;
        }

        var order = (int)(digest.SeqLow - (uint)grave.Record.Record.Seq);
        buried = order < 0 || (order == 0 && grave.Fate != Fate.Lost) ? grave.Record : null;
        return buried is not null;
    }

    internal void Remove(ulong tail)
    {
        if (_graves.Remove(tail, out var grave) && grave.Fate != Fate.Left)
        {
            _sought.Remove(tail);
        }
    }

    /// <summary>Forgets those that are older than they need to be.</summary>
    internal void Expire(ulong now)
    {
        while (_order.TryPeek(out var oldest) && oldest.At + keepMs <= now)
        {
            RemoveOldest();
        }
    }

    /// <summary>A uniformly random member that died without leaving; false if there is none.</summary>
    internal bool TryRandomDead(ref Prng prng, [NotNullWhen(true)] out SignedRecord? record)
    {
        record = _sought.Count == 0 ? null : _graves[_sought[(int)prng.Below((ulong)_sought.Count)]].Record;
        return record is not null;
    }

    private void RemoveOldest()
    {
        var (tail, at) = _order.Dequeue();
        // The member may have come back, and even died again: then this entry is not its grave.
        if (_graves.TryGetValue(tail, out var grave) && grave.At == at)
        {
            Remove(tail);
        }
    }

    private readonly record struct Grave(SignedRecord Record, Fate Fate, ulong At);
}
