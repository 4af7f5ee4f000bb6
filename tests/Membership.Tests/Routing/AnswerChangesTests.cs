using Wetware.Core;
using Wetware.Membership.Routing;
using Wetware.Protocol.Routing;
using Wetware.Testing;

namespace Wetware.Membership.Tests.Routing;

/// <summary>Whoever is told the changes of an answer, however seldom, has the answer.</summary>
public class AnswerChangesTests
{
    private const int PeerCount = 40;

    [Fact]
    public void Changes_applied_to_an_old_answer_give_the_new_one()
    {
        var prng = new Prng(Property.Seed());
        for (var round = 0; round < 40; round++)
        {
            Follow(prng.Fork());
        }
    }

    [Fact]
    public void A_newer_heartbeat_alone_is_no_change()
    {
        var table = new RoutingTable();
        Put(table, Peers.Record(1, seq: 1, host: "a"));
        var before = table.Snapshot();
        Put(table, Peers.Record(1, seq: 2, host: "a"));
        Assert.Empty(AnswerChanges.Between(before, table.Snapshot(), Query.All));
    }

    [Fact]
    public void A_peer_that_left_and_came_back_between_two_looks_has_not_left()
    {
        var table = new RoutingTable();
        Put(table, Peers.Record(1, server: 1));
        Put(table, Peers.Record(2, server: 1));
        var before = table.Snapshot();
        table.Remove(Peers.Number(1), out _);
        table.Remove(Peers.Number(2), out _);
        Put(table, Peers.Record(1, seq: 2, server: 1));
        Put(table, Peers.Record(3, server: 1));
        Put(table, Peers.Record(2, seq: 2, server: 5));
        Assert.Equal(
            [(AnswerChangeKind.Joined, Peers.Number(3)), (AnswerChangeKind.Updated, Peers.Number(2))],
            AnswerChanges.Between(before, table.Snapshot(), Query.All).Select(change => (change.Kind, change.Record.Peer)).OrderBy(pair => pair.Kind));
    }

    [Fact]
    public void Among_many_records_only_what_was_written_is_looked_at()
    {
        var table = new RoutingTable();
        for (var n = 0; n < 20_000; n++)
        {
            Put(table, Peers.Record(n));
        }

        var before = table.Snapshot();
        Put(table, Peers.Record(7_777, seq: 2, host: "new"));
        var after = table.Snapshot();
        _ = AnswerChanges.Between(before, after, Query.All).ToList();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var changes = AnswerChanges.Between(before, after, Query.All).ToList();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 4_096);
        Assert.Equal((AnswerChangeKind.Updated, Peers.Number(7_777)), (Assert.Single(changes).Kind, changes[0].Record.Peer));
    }

    private static void Follow(Prng prng)
    {
        var table = new RoutingTable();
        var now = 0UL;
        var queries = Enumerable.Range(0, 6).Select(_ => QueryDraw.Next(ref prng, PeerCount)).ToArray();
        var known = queries.Select(_ => new Dictionary<PeerId, string>()).ToArray();
        var told = queries.Select(_ => table.Snapshot()).ToArray();
        for (var step = 0; step < 120; step++)
        {
            now += prng.Below(30);
            for (var n = prng.Below(6); n > 0; n--)
            {
                Mutate(ref prng, table, now);
            }

            for (var i = 0; i < queries.Length; i++)
            {
                // Some look at every step, some seldom.
                if (prng.Below((ulong)i + 1) == 0)
                {
                    var snapshot = table.Snapshot();
                    Apply(AnswerChanges.Between(told[i], snapshot, queries[i]), known[i], queries[i]);
                    told[i] = snapshot;
                    Assert.Equal(Peers.All(snapshot, queries[i]).Select(Say).Order(), known[i].Values.Order());
                }
            }
        }
    }

    private static void Apply(IEnumerable<AnswerChange> changes, Dictionary<PeerId, string> known, Query query)
    {
        foreach (var (kind, record) in changes)
        {
            var text = Say(record);
            switch (kind)
            {
                case AnswerChangeKind.Joined:
                    Assert.True(known.TryAdd(record.Peer, text), $"{query}: {text} joined twice");
                    break;
                case AnswerChangeKind.Updated:
                    Assert.True(known.TryGetValue(record.Peer, out var old) && old != text, $"{query}: {text} was updated from {old}");
                    known[record.Peer] = text;
                    break;
                default:
                    Assert.True(known.Remove(record.Peer, out old) && old == text, $"{query}: {text} left, and was {old}");
                    break;
            }
        }
    }

    /// <summary>All but the heartbeat's number.</summary>
    private static string Say(PeerRecord record) => Peers.Describe(record with { Seq = 0 });

    private static void Mutate(ref Prng prng, RoutingTable table, ulong now)
    {
        switch (prng.Below(10))
        {
            case 0:
                table.Remove(Peers.Number((int)prng.Below(PeerCount)), out _);
                break;
            case 1:
                while (table.TryExpire(now, out _))
                {
                }

                break;
            default:
                var meta = Enumerable.Range(0, (int)prng.Below(3)).Select(_ => "").ToArray();
                for (var i = 0; i < meta.Length; i++)
                {
                    meta[i] = QueryDraw.Label(ref prng);
                }

                var host = prng.Chance(0.5) ? "" : QueryDraw.Host(ref prng);
                table.Upsert(Peers.Record((int)prng.Below(PeerCount), now, prng.Below(3) << 60, (uint)prng.Between(1, 400), host, meta), now);
                break;
        }
    }

    private static void Put(RoutingTable table, PeerRecord record) => Assert.NotEqual(UpsertResult.Stale, table.Upsert(in record, 0));
}
