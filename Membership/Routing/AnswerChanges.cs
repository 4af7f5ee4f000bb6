using Wetware.Protocol.Routing;

namespace Wetware.Membership.Routing;

/// <summary>
/// What changed in the answer to a query between two snapshots of one table. The snapshots share whatever was not written to between
/// them, so the cost grows with what was, not with the table. A newer heartbeat that says the same is no change.
/// </summary>
public static class AnswerChanges
{
    /// <summary>The changes, each peer at most once, found as they are asked for.</summary>
    public static IEnumerable<AnswerChange> Between(RoutingSnapshot older, RoutingSnapshot newer, Query query) =>
        query.Limit >= older.Count && query.Limit >= newer.Count ? OfAll(older, newer, query) : OfFirst(older, newer, query);

    /// <summary>Without a limit, whether a record is in the answer is for itself to say.</summary>
    private static IEnumerable<AnswerChange> OfAll(RoutingSnapshot older, RoutingSnapshot newer, Query query)
    {
        for (var slot = Next(older, newer, 0); slot >= 0; slot = Next(older, newer, slot + 1))
        {
            var (before, after) = (older.Records.ReadAny(slot), newer.Records.ReadAny(slot));
            if (before.Profile is not null && after.Profile is not null && before.Peer == after.Peer)
            {
                if (Change(before, after, query) is { } change)
                {
                    yield return change;
                }

                continue;
            }

            // The slot changed hands; a peer that left and came back is in another, and is told of where it was.
            if (before.Profile is not null)
            {
                newer.TryGet(before.Peer, out var moved);
                if (Change(before, moved, query) is { } change)
                {
                    yield return change;
                }
            }

            if (after.Profile is not null && !older.TryGet(after.Peer, out _) && Change(default, after, query) is { } joined)
            {
                yield return joined;
            }
        }
    }

    /// <summary>With a limit, one record that comes pushes another out, and one that goes lets another in.</summary>
    private static IEnumerable<AnswerChange> OfFirst(RoutingSnapshot older, RoutingSnapshot newer, Query query)
    {
        if (older.IsSameAs(newer))
        {
            yield break;
        }

        var fresh = new Dictionary<Core.PeerId, PeerRecord>();
        var (before, after) = (older.Select(query).GetEnumerator(), newer.Select(query).GetEnumerator());
        while (after.MoveNext())
        {
            fresh.Add(after.Current.Peer, after.Current);
        }

        while (before.MoveNext())
        {
            var old = before.Current;
            if (!fresh.Remove(old.Peer, out var record))
            {
                yield return new AnswerChange(AnswerChangeKind.Left, old);
            }
            else if (!record.SaysTheSame(in old))
            {
                yield return new AnswerChange(AnswerChangeKind.Updated, record);
            }
        }

        foreach (var record in fresh.Values)
        {
            yield return new AnswerChange(AnswerChangeKind.Joined, record);
        }
    }

    private static int Next(in RoutingSnapshot older, in RoutingSnapshot newer, int from) =>
        SlotStore.NextDifference(older.Records, newer.Records, from);

    private static AnswerChange? Change(in PeerRecord before, in PeerRecord after, Query query)
    {
        var was = before.Profile is not null && query.Includes(in before);
        var isNow = after.Profile is not null && query.Includes(in after);
        return (was, isNow) switch
        {
            (false, true) => new AnswerChange(AnswerChangeKind.Joined, after),
            (true, false) => new AnswerChange(AnswerChangeKind.Left, before),
            (true, true) when !after.SaysTheSame(in before) => new AnswerChange(AnswerChangeKind.Updated, after),
            _ => null,
        };
    }
}
