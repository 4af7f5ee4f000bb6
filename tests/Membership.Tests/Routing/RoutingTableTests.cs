using Wetware.Core;
using Wetware.Membership.Routing;
using Wetware.Testing;

namespace Wetware.Membership.Tests.Routing;

/// <summary>The table against the obviously right one, and what its documentation promises.</summary>
public class RoutingTableTests
{
    [Fact]
    public void It_agrees_with_the_obviously_right_table_under_any_history()
    {
        var prng = new Prng(Property.Seed());
        for (var round = 0; round < 30; round++)
        {
            Compare(prng.Fork(), peers: round % 5 == 0 ? 300 : 25, steps: round % 5 == 0 ? 1_500 : 400);
        }
    }

    [Fact]
    public void A_record_counts_for_its_ttl_and_no_longer()
    {
        var table = new RoutingTable();
        table.Upsert(Peers.Record(1, ttl: 100), 1_000);
        Assert.False(table.TryExpire(1_099, out _));
        Assert.True(table.TryExpire(1_100, out var expired));
        Assert.Equal(Peers.Number(1), expired.Peer);
        Assert.Equal(0, table.Count);
        Assert.False(table.TryExpire(2_000, out _));
    }

    [Fact]
    public void A_renewed_record_counts_from_then_on()
    {
        var table = new RoutingTable();
        table.Upsert(Peers.Record(1, ttl: 100), 0);
        Assert.True(table.Renew(Peers.Number(1), 90));
        Assert.False(table.Renew(Peers.Number(2), 90));
        Assert.False(table.TryExpire(189, out _));
        Assert.True(table.TryExpire(190, out _));
    }

    [Fact]
    public void No_ttl_means_the_default_and_a_huge_one_the_limit()
    {
        var table = new RoutingTable();
        table.Upsert(Peers.Record(1, ttl: 0), 0);
        table.Upsert(Peers.Record(2, ttl: uint.MaxValue), 0);
        Assert.True(table.TryExpire(Limits.TtlMsDefault, out var first));
        Assert.Equal(Peers.Number(1), first.Peer);
        Assert.True(table.TryExpire(Limits.TtlMsMax, out _));
    }

    [Fact]
    public void A_full_table_refuses_strangers_and_still_updates_its_own()
    {
        var table = new RoutingTable(0, recordsMax: 2);
        Assert.Equal(UpsertResult.Added, table.Upsert(Peers.Record(1), 0));
        Assert.Equal(UpsertResult.Added, table.Upsert(Peers.Record(2), 0));
        Assert.Equal(UpsertResult.Full, table.Upsert(Peers.Record(3), 0));
        Assert.Equal(UpsertResult.Updated, table.Upsert(Peers.Record(1, seq: 2), 0));
        Assert.Equal(2, table.Count);
    }

    [Fact]
    public void A_stream_of_heartbeats_allocates_nothing()
    {
        var table = new RoutingTable();
        var records = Enumerable.Range(0, 1_000).Select(n => Peers.Record(n, 1, (ulong)n, host: $"h{n}", meta: ["region=eu", $"n={n}"])).ToArray();
        Renew(table, records, 1);
        var (seq, least) = (2UL, long.MaxValue);
        // The runtime itself allocates, once, when it compiles a method anew while it runs.
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var end = seq + 48; seq < end; seq++)
            {
                Renew(table, records, seq);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void Queries_allocate_nothing_and_neither_do_snapshots()
    {
        var table = new RoutingTable();
        Renew(table, [.. Enumerable.Range(0, 2_000).Select(n => Peers.Record(n, meta: [$"region=r{n % 3}"]))], 1);
        var queries = new[] { Query.All, Query.Match(IndexKey.Create(IndexKind.Meta, "region=r1", true)), Query.All.Reversed() };
        var seen = Count(table, queries);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var again = Count(table, queries);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(seen, again);
    }

    private static int Count(RoutingTable table, Query[] queries)
    {
        var count = 0;
        foreach (var query in queries)
        {
            foreach (ref readonly var record in table.Snapshot().Select(query))
            {
                count += record.Seq > 0 ? 1 : 0;
            }
        }

        return count;
    }

    private static void Renew(RoutingTable table, PeerRecord[] records, ulong seq)
    {
        foreach (ref readonly var record in records.AsSpan())
        {
            table.Upsert(record with { Seq = seq }, seq);
        }
    }

    private static void Compare(Prng prng, int peers, int steps)
    {
        var table = new RoutingTable();
        var model = new TableModel();
        var kept = new List<(RoutingSnapshot Snapshot, TableModel Model)>();
        var now = 0UL;
        for (var step = 0; step < steps; step++)
        {
            now += prng.Below(20);
            switch (prng.Below(20))
            {
                case < 14:
                    var record = Draw(ref prng, peers);
                    Assert.Equal(model.Upsert(record, now), table.Upsert(in record, now));
                    break;
                case < 16:
                    var gone = Peers.Number((int)prng.Below((ulong)peers));
                    Assert.Equal(model.Remove(gone), table.Remove(gone, out _));
                    break;
                case 16:
                    kept.Add((table.Snapshot(), model.Clone()));
                    break;
                case 17:
                    Assert.Equal(model.Expire(now), Expire(table, now));
                    break;
                default:
                    Check(ref prng, table.Snapshot(), model, peers);
                    break;
            }

            Assert.Equal(model.Count, table.Count);
        }

        // Snapshots that were taken on the way still say what they said then.
        foreach (var (snapshot, then) in kept)
        {
            Check(ref prng, snapshot, then, peers);
        }
    }

    private static void Check(ref Prng prng, RoutingSnapshot snapshot, TableModel model, int peers)
    {
        Assert.Equal(model.Count, snapshot.Count);
        for (var i = 0; i < 4; i++)
        {
            var query = QueryDraw.Next(ref prng, peers);
            Assert.Equal(model.Select(query).Select(r => Peers.Describe(r)), Peers.All(snapshot, query).Select(r => Peers.Describe(r)));
        }
    }

    private static HashSet<PeerId> Expire(RoutingTable table, ulong now)
    {
        var expired = new HashSet<PeerId>();
        while (table.TryExpire(now, out var record))
        {
            expired.Add(record.Peer);
        }

        return expired;
    }

    private static PeerRecord Draw(ref Prng prng, int peers)
    {
        var meta = new string[prng.Below(4)];
        for (var i = 0; i < meta.Length; i++)
        {
            meta[i] = QueryDraw.Label(ref prng);
        }

        var host = prng.Chance(0.3) ? "" : QueryDraw.Host(ref prng);
        return Peers.Record((int)prng.Below((ulong)peers), prng.Below(50), prng.Below(3) << 60, (uint)prng.Between(1, 400), host, meta);
    }
}
