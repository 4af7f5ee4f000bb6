using System.Diagnostics.CodeAnalysis;
using Wetware.Core;
using Wetware.Membership.Gossip;

namespace Wetware.Membership.Pex;

/// <summary>
/// A small random sample of all peers, and how two such samples mix. It is the view of a peer-sampling service (Jelasity, Voulgaris,
/// Guerraoui, Kermarrec and van Steen, "Gossip-based peer sampling", 2007) of the swapping kind: what is given away is the first to
/// go, so records move and do not multiply, and nobody's become many. Beside that the oldest few are protected, as Wetware's are:
/// those whom nobody has heard of lately, which is all that remains of the other side when a network is cut for long.
/// Invariant: at most <see cref="PexOptions.View"/> records, no two of one peer, none of this node.
/// </summary>
internal sealed class PexView(PexOptions options, ulong self)
{
    /// <summary>Ages are bounded, so that nobody's claim can make them overflow.</summary>
    internal const ulong HopMax = 1 << 20;

    private readonly List<PexEntry> _entries = [];
    private readonly HashSet<ulong> _renewed = [];

    internal int Count => _entries.Count;

    internal PexEntry this[int at] => _entries[at];

    /// <summary>How many are protected.</summary>
    private int Kept => Math.Min(options.Protect, _entries.Count);

    internal bool Contains(ulong tail) => IndexOf(tail) >= 0;

    internal bool TryGet(ulong tail, out PexEntry entry)
    {
        var at = IndexOf(tail);
        entry = at < 0 ? default : _entries[at];
        return at >= 0;
    }

    /// <summary>Takes in a record if there is room; false if there is none, or it is too long, or not newer than what is there.</summary>
    internal bool TryAdd(in PexEntry entry) => (_entries.Count < options.View || Contains(entry.Record.Tail)) && Take(in entry);

    /// <summary>A peer said something: if it is in the view, its record takes the old one's place, and is young again.</summary>
    internal void Update(SignedRecord record)
    {
        var at = IndexOf(record.Tail);
        if (at >= 0 && !_entries[at].Record.Supersedes(record))
        {
            _entries[at] = new PexEntry(record, Math.Min(_entries[at].Hop, 1));
        }
    }

    /// <summary>A peer cannot be reached: its record counts as the oldest, to be remembered and not to be handed on.</summary>
    internal void Silence(ulong tail)
    {
        var at = IndexOf(tail);
        if (at < 0)
        {
            return;
        }

        var oldest = 0UL;
        foreach (var entry in _entries)
        {
            oldest = Math.Max(oldest, entry.Hop);
        }

        _entries[at] = _entries[at] with { Hop = Math.Min(oldest + 1, HopMax) };
    }

    /// <summary>
    /// With whom to exchange next: mostly the oldest that is not protected, so that every record is put to the test in turn and the dead do
    /// not stay; as often as there are protected ones, one of those, for they may have come back. False if the view is empty.
    /// </summary>
    internal bool TryPartner(ref Prng prng, [NotNullWhen(true)] out SignedRecord? partner)
    {
        partner = null;
        if (_entries.Count > 0)
        {
            var byAge = ByAge(ref prng);
            var at = (int)prng.Below((ulong)byAge.Count);
            partner = byAge[Math.Max(at, byAge.Count - 1 - Kept)].Record;
        }

        return partner is not null;
    }

    /// <summary>A partner did not answer: it goes, unless it is one of the protected.</summary>
    internal void Missed(ulong tail, ref Prng prng)
    {
        var at = ByAge(ref prng).FindIndex(entry => entry.Record.Tail == tail);
        if (at >= 0 && at < _entries.Count - Kept)
        {
            Remove(tail);
        }
    }

    /// <summary>What to give to another: a random choice of all but the oldest, and those only where there are not enough others.</summary>
    internal List<PexEntry> Offer(ulong to, ref Prng prng)
    {
        var offer = ByAge(ref prng);
        Shuffle(offer, offer.Count - Kept, ref prng);
        offer.RemoveAll(entry => entry.Record.Tail == to);
        if (offer.Count > options.Swap)
        {
            offer.RemoveRange(options.Swap, offer.Count - options.Swap);
        }

        return offer;
    }

    /// <summary>Takes in what another gave in return for <paramref name="given"/>.</summary>
    internal void Merge(List<PexEntry> received, List<PexEntry> given, ref Prng prng)
    {
        _renewed.Clear();
        foreach (var entry in received)
        {
            if (Take(entry))
            {
                _renewed.Add(entry.Record.Tail);
            }
        }

        foreach (var entry in given)
        {
            if (_entries.Count > options.View && !_renewed.Contains(entry.Record.Tail))
            {
                Remove(entry.Record.Tail);
            }
        }

        Crowd(ref prng);
        for (var i = 0; i < _entries.Count; i++)
        {
            _entries[i] = _entries[i] with { Hop = Math.Min(_entries[i].Hop + 1, HopMax) };
        }

        Invariant.Check(_entries.Count <= options.View);
    }

    /// <summary>Brings the view back to its size: rarely the oldest goes, otherwise any but the oldest few.</summary>
    private void Crowd(ref Prng prng)
    {
        var surplus = _entries.Count - options.View;
        if (surplus <= 0)
        {
            return;
        }

        var byAge = ByAge(ref prng);
        var kept = Kept;
        while (surplus > 0 && kept > 0 && prng.Chance(options.Decay))
        {
            byAge.RemoveAt(byAge.Count - 1);
            kept--;
            surplus--;
        }

        Shuffle(byAge, byAge.Count - kept, ref prng);
        byAge.RemoveRange(0, surplus);
        _entries.Clear();
        _entries.AddRange(byAge);
    }

    private void Remove(ulong tail)
    {
        var at = IndexOf(tail);
        if (at >= 0)
        {
            _entries.RemoveAt(at);
        }
    }

    private bool Take(in PexEntry entry)
    {
        if (entry.Record.Tail == self || entry.Record.IsLeave || entry.Record.Envelope.Length > Limits.PexRecordBytesMax)
        {
            return false;
        }

        var taken = entry with { Hop = Math.Min(entry.Hop, HopMax) };
        var at = IndexOf(entry.Record.Tail);
        if (at < 0)
        {
            _entries.Add(taken);
            return true;
        }

        var known = _entries[at];
        if (entry.Record.Supersedes(known.Record) || (!known.Record.Supersedes(entry.Record) && taken.Hop < known.Hop))
        {
            _entries[at] = taken;
            return true;
        }

        return false;
    }

    /// <summary>The youngest first. Those of one age are in random order: any other would prefer somebody.</summary>
    private List<PexEntry> ByAge(ref Prng prng)
    {
        var entries = new List<PexEntry>(_entries);
        Shuffle(entries, entries.Count, ref prng);
        return [.. entries.OrderBy(entry => entry.Hop)];
    }

    private static void Shuffle(List<PexEntry> entries, int count, ref Prng prng)
    {
        for (var i = count - 1; i > 0; i--)
        {
            var other = (int)prng.Below((ulong)i + 1);
            (entries[i], entries[other]) = (entries[other], entries[i]);
        }
    }

    private int IndexOf(ulong tail)
    {
        for (var i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].Record.Tail == tail)
            {
                return i;
            }
        }

        return -1;
    }
}
