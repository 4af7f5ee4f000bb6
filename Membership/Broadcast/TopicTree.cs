using System.Diagnostics.CodeAnalysis;
using Wetware.Membership.Gossip;

namespace Wetware.Membership.Broadcast;

/// <summary>
/// Hands messages of topics to everybody, over the same links as records: at most once to the application, in no order across
/// publishers. What the application does not take in time is dropped, oldest first, and counted.
/// </summary>
internal sealed class TopicTree(GossipOptions options, Rings rings, Links links, Outbox outbox, GossipCounters counters)
{
    /// <summary>How often a message that was announced is asked for before it is given up: it is delivered at most once, not at least.</summary>
    private const int TriesMax = 6;

    private readonly SeenMessages _seen = new();
    private readonly Dictionary<MessageId, Missing> _missing = [];
    private readonly Queue<TopicMessage> _delivered = new();
    private readonly List<MessageId> _done = [];

    internal bool IsSeen(in MessageId id) => _seen.IsSeen(in id);

    internal bool TryTake([NotNullWhen(true)] out TopicMessage? message) => _delivered.TryDequeue(out message);

    /// <summary>Takes in a message that is authentic, from a neighbour or from this node itself.</summary>
    internal void Receive(TopicMessage message, ulong from)
    {
        if (_seen.IsSeen(message.Id))
        {
            if (rings.Neighbours.Contains(from))
            {
                links.Repeated(from);
                outbox.For(from).Prune = true;
            }

            return;
        }

        _seen.Add(message);
        if (_delivered.Count >= Limits.UndeliveredMax)
        {
            _delivered.Dequeue();
            counters.Undelivered++;
        }

        _delivered.Enqueue(message);
        foreach (var to in rings.Neighbours)
        {
            if (to == from || to == message.Id.Origin)
            {
                continue;
            }

            if (links.IsLazy(to))
            {
                outbox.Announce(to, message.Id);
            }
            else
            {
                outbox.Send(to, message);
            }
        }
    }

    /// <summary>A neighbour has a message.</summary>
    internal void Announced(ulong from, in MessageId id, ulong now)
    {
        if (_seen.IsSeen(in id))
        {
            return;
        }

        if (_missing.TryGetValue(id, out var missing))
        {
            missing.Sources.Add(from);
        }
        else if (_missing.Count < Limits.SeenMessagesMax)
        {
            _missing[id] = new Missing(now + (ulong)options.GraftMs, from);
        }
    }

    /// <summary>A neighbour wants a message.</summary>
    internal void Wanted(ulong from, in MessageId id)
    {
        if (_seen.TryGet(in id, out var message))
        {
            outbox.Send(from, message);
        }
    }

    /// <summary>Asks for what was announced and did not come.</summary>
    internal void Tick(ulong now)
    {
        _done.Clear();
        foreach (var (id, missing) in _missing)
        {
            if (_seen.IsSeen(in id))
            {
                _done.Add(id);
            }
            else if (now >= missing.DueAt)
            {
                if (missing.Tries == TriesMax)
                {
                    _done.Add(id);
                    continue;
                }

                // In turn: the question or the answer may have been lost, or the source itself.
                var source = missing.Sources[missing.Tries++ % missing.Sources.Count];
                missing.DueAt = now + (ulong)options.GraftMs;
                links.Graft(source);
                outbox.Ask(source, id);
                outbox.For(source).Graft = true;
            }
        }

        foreach (var id in _done)
        {
            _missing.Remove(id);
        }
    }

    internal void Forget(ulong tail) => _seen.ForgetOrigin(tail);

    private sealed class Missing(ulong dueAt, ulong source)
    {
        internal ulong DueAt { get; set; } = dueAt;

        internal int Tries { get; set; }

        internal List<ulong> Sources { get; } = [source];
    }
}
