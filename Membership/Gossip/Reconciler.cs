using Wetware.Core;

namespace Wetware.Membership.Gossip;

/// <summary>
/// Finds where two views differ and makes them the same. Every probe and answer carries the fingerprint of the whole view; where they
/// differ for longer than news takes to travel, the two compare fingerprints of ever smaller parts, a logarithmic number of them, then
/// digests, and send each other the records that one lacks. A member that one has and the other buried is probed before
/// either changes its mind, so two halves that were apart come together without anybody dying of it.
/// </summary>
internal sealed class Reconciler(GossipOptions options, MemberView view, Tombstones tombstones, Outbox outbox)
{
    /// <summary>A part with so few members is listed instead of divided.</summary>
    private const int ListMax = 16;

    private readonly uint[] _prints = new uint[SyncRange.FanOut];
    private readonly List<int> _differing = [];
    private ulong _changedAt;
    private ulong _comparedAt;

    /// <summary>The view changed just now.</summary>
    internal void Changed(ulong now) => _changedAt = now;

    /// <summary>Another's fingerprint came; starts a comparison if the views have differed for long enough.</summary>
    internal void Compare(ulong from, uint fingerprint, bool young, ulong now)
    {
        var haste = young ? 10 : 1;
        var sinceCompared = now - Math.Min(now, _comparedAt);
        var rested = now - Math.Min(now, _changedAt) >= (ulong)(options.SettleMs / haste) && sinceCompared >= (ulong)(options.SyncMs / haste);
        if (fingerprint == (uint)view.Fingerprint || (!rested && sinceCompared < (ulong)options.SyncAnywayMs))
        {
            return;
        }

        _comparedAt = now;
        outbox.Compare(from, Describe(0, 0));
    }

    /// <summary>Answers another's description of a part: with smaller parts, or with what it lacks. Lists what there is to verify.</summary>
    internal void Answer(ulong from, SyncRange range, List<ulong> verify)
    {
        if (range.Depth is < 0 or >= SyncRange.DepthMax)
        {
            return;
        }

        if (range.Prints.Count == SyncRange.FanOut)
        {
            // Describing measures again, so what differs is gathered first.
            Measure(range.Depth, range.Prefix);
            _differing.Clear();
            for (var child = 0; child < SyncRange.FanOut; child++)
            {
                if (_prints[child] != range.Prints[child])
                {
                    _differing.Add(child);
                }
            }

            foreach (var child in _differing)
            {
                outbox.Compare(from, Describe(range.Depth + 1, (range.Prefix << 4) | (uint)child));
            }

            return;
        }

        AnswerList(from, range, verify);
    }

    /// <summary>The own description of a part: its sixteen sub-parts, or its members if they are few.</summary>
    private SyncRange Describe(int depth, ulong prefix)
    {
        var part = new SyncRange(depth, prefix, [], []);
        if (depth < SyncRange.DepthMax - 1 && Measure(depth, prefix) > ListMax)
        {
            return new SyncRange(depth, prefix, [.. _prints], []);
        }

        var digests = new List<Digest>();
        for (var i = 0; i < view.Count; i++)
        {
            if (part.Covers(view[i].Tail))
            {
                digests.Add(Digest.Of(view[i]));
            }
        }

        return new SyncRange(depth, prefix, [], digests);
    }

    /// <summary>Fills the fingerprints of the sub-parts of a part and returns how many members it has.</summary>
    private int Measure(int depth, ulong prefix)
    {
        var part = new SyncRange(depth, prefix, [], []);
        _prints.AsSpan().Clear();
        var count = 0;
        for (var i = 0; i < view.Count; i++)
        {
            var record = view[i];
            if (part.Covers(record.Tail))
            {
                _prints[part.ChildOf(record.Tail)] ^= (uint)record.Print;
                count++;
            }
        }

        return count;
    }

    private void AnswerList(ulong from, SyncRange range, List<ulong> verify)
    {
        foreach (var digest in range.Digests)
        {
            if (view.TryGet(digest.Tail, out var known))
            {
                var order = (int)(digest.SeqLow - (uint)known.Record.Seq);
                if (order > 0)
                {
                    outbox.Ask(from, digest.Tail);
                }
                else if (order < 0)
                {
                    outbox.Send(from, known);
                }
            }
            else if (tombstones.Blocks(digest, out var buried))
            {
                // The other believes in one that was buried here. Both look again: it may be alive and only have been out of reach.
                outbox.Say(from, new Word(WordKind.Buried, digest.Tail, buried.Record.Seq, 0));
                verify.Add(digest.Tail);
            }
            else
            {
                outbox.Ask(from, digest.Tail);
            }
        }

        OfferUnlisted(from, range);
    }

    /// <summary>Sends what the other did not list.</summary>
    private void OfferUnlisted(ulong from, SyncRange range)
    {
        var listed = new HashSet<ulong>(range.Digests.Count);
        foreach (var digest in range.Digests)
        {
            listed.Add(digest.Tail);
        }

        for (var i = 0; i < view.Count; i++)
        {
            var record = view[i];
            if (range.Covers(record.Tail) && !listed.Contains(record.Tail) && record.Tail != from)
            {
                outbox.Send(from, record);
            }
        }
    }
}
