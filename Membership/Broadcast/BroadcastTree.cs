using System.Diagnostics.CodeAnalysis;
using Wetware.Core;
using Wetware.Membership.Gossip;

namespace Wetware.Membership.Broadcast;

/// <summary>
/// Hands new records to everybody over a tree that grows by itself (Leitão, Pereira and Rodrigues, "Epidemic Broadcast Trees", 2007):
/// neighbours are sent records at once over eager links and digests later over lazy ones; who gets a record twice makes the second link
/// lazy, and who gets a digest without the record asks for it and makes that link eager again. A goodbye travels as every record does.
/// </summary>
internal sealed class BroadcastTree(GossipOptions options, MemberView view, Tombstones tombstones, Rings rings, Links links, Outbox outbox)
{
    /// <summary>Records announced and not come, at most; beyond it comparing views must do.</summary>
    private const int MissingMax = 4_096;

    /// <summary>So many records between two ticks are handed on at once; more of them wait, to travel together.</summary>
    private const int HastyMax = 8;

    private readonly List<(ulong DueAt, ulong To, Digest Digest)> _held = [];
    private readonly Dictionary<Digest, Missing> _missing = [];
    private readonly List<Digest> _arrived = [];
    private int _pushed;

    /// <summary>Hands a record to the neighbours, but not to the one it came from.</summary>
    internal void Push(SignedRecord record, ulong from, ulong now)
    {
        _pushed++;
        foreach (var to in rings.Neighbours)
        {
            if (to == from || to == record.Tail)
            {
                continue;
            }

            if (links.IsLazy(to))
            {
                _held.Add((now + (ulong)options.LazyMs, to, Digest.Of(record)));
            }
            else
            {
                outbox.Send(to, record);
                if (_pushed <= HastyMax)
                {
                    outbox.Urgent(to);
                }
            }
        }
    }

    /// <summary>A record came that was here already: over two eager links, so one is too many.</summary>
    internal void Duplicate(ulong from)
    {
        if (rings.Neighbours.Contains(from))
        {
            links.Repeated(from);
            outbox.For(from).Prune = true;
        }
    }

    /// <summary>A neighbour has a record; true if this node lacks it.</summary>
    internal bool Announced(ulong from, Digest digest, ulong now)
    {
        if (IsHere(digest))
        {
            return false;
        }

        if (_missing.TryGetValue(digest, out var missing))
        {
            missing.Sources.Add(from);
        }
        else if (_missing.Count < MissingMax)
        {
            _missing[digest] = new Missing(now + (ulong)options.GraftMs, from);
        }

        return true;
    }

    /// <summary>A neighbour asks for a record that it was told of.</summary>
    internal void Wanted(ulong from, ulong tail)
    {
        if (TryGet(tail, out var record))
        {
            outbox.Send(from, record);
            outbox.Urgent(from);
        }
    }

    /// <summary>Sends the digests that are due and asks for what did not come.</summary>
    internal void Tick(ulong now)
    {
        _pushed = 0;
        SendHeld(now);
        _arrived.Clear();
        foreach (var (digest, missing) in _missing)
        {
            if (IsHere(digest) || missing.Sources.Count == 0)
            {
                _arrived.Add(digest);
            }
            else if (now >= missing.DueAt)
            {
                missing.DueAt = now + (ulong)options.GraftMs;
                AskNext(digest.Tail, missing);
            }
        }

        foreach (var digest in _arrived)
        {
            _missing.Remove(digest);
        }
    }

    /// <summary>The last that a member said: its record, or the goodbye that took it out of the view.</summary>
    private bool TryGet(ulong tail, [NotNullWhen(true)] out SignedRecord? record) =>
        view.TryGet(tail, out record) || (tombstones.TryGet(tail, out record) && record.IsLeave);

    /// <summary>Whether the record that a digest names, or one that takes its place, has come.</summary>
    private bool IsHere(Digest digest) =>
        (view.TryGet(digest.Tail, out var known) && (int)(digest.SeqLow - (uint)known.Record.Seq) <= 0) || tombstones.Blocks(digest, out _);

    private void AskNext(ulong tail, Missing missing)
    {
        var source = missing.Sources[0];
        missing.Sources.RemoveAt(0);
        if (!view.Contains(source))
        {
            return;
        }

        links.Graft(source);
        outbox.Ask(source, tail);
        outbox.For(source).Graft = true;
    }

    private void SendHeld(ulong now)
    {
        var sent = 0;
        while (sent < _held.Count && _held[sent].DueAt <= now)
        {
            var (_, to, digest) = _held[sent];
            sent++;
            // Only what still holds is worth announcing.
            if (view.Contains(to) && TryGet(digest.Tail, out var record) && digest.Names(record))
            {
                outbox.Announce(to, digest);
            }
        }

        _held.RemoveRange(0, sent);
        Invariant.Check(_held.Count == 0 || _held[0].DueAt > now);
    }

    private sealed class Missing(ulong dueAt, ulong source)
    {
        internal ulong DueAt { get; set; } = dueAt;

        internal List<ulong> Sources { get; } = [source];
    }
}
