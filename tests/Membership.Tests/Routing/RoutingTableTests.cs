using Wetware.Core;
using Wetware.Membership.Routing;
using Wetware.Protocol.Routing;
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

    [Fact]
    public void Stale_records_lookups_expiry_and_new_labels_allocate_nothing_either()
    {
        var table = new RoutingTable();
        PeerRecord[][] generations = [Make("a"), Make("b")];
        Cycle(table, generations, 1);
        Cycle(table, generations, 2);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 3UL; round < 10; round++)
        {
            Cycle(table, generations, round);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        static PeerRecord[] Make(string mark) =>
            [.. Enumerable.Range(0, 1_000).Select(n => Peers.Record(n, 1, (ulong)n, ttl: 1_000, host: $"{mark}{n}", meta: [$"region={mark}{n % 7}"]))];
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(100_000)]
    public void A_snapshot_costs_nothing_and_the_change_after_it_one_path_of_copies(int count)
    {
        var table = new RoutingTable();
        for (var n = 0; n < count; n++)
        {
            table.Upsert(Peers.Record(n), 0);
        }

        Snapshot_and_renew(2);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var kept = table.Snapshot();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Snapshot_and_renew(3);
        // Three nodes of the store: what they hold is the same for a thousand records and for a hundred thousand.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 8_192);
        Assert.True(kept.TryGet(Peers.Number(0), out var then));
        Assert.Equal(2UL, then.Seq);

        void Snapshot_and_renew(ulong seq)
        {
            _ = table.Snapshot();
            table.Upsert(Peers.Record(0) with { Seq = seq }, 0);
        }
    }

    private static void Cycle(RoutingTable table, PeerRecord[][] generations, ulong round)
    {
        var now = round * 10_000;
        var records = generations[round % 2];
        for (var i = 0; i < records.Length; i++)
        {
            var record = records[i] with { Seq = round * 10 };
            Require(table.Upsert(in record, now) == UpsertResult.Added);
            Require(table.Upsert(in record, now) == UpsertResult.Stale);
            Require(table.TryGet(record.Peer, out var found) && found.Seq == record.Seq);
            // Other labels, another host, another start.
            Require(table.Upsert(generations[(round + 1) % 2][i] with { Seq = (round * 10) + 1, Server = new ServerId(round) }, now) == UpsertResult.Updated);
        }

        var expired = 0;
        while (table.TryExpire(now + 5_000, out _))
        {
            expired++;
        }

        Require(expired == records.Length && table.Count == 0);
    }

    /// <summary>Without the boxes of an assertion.</summary>
    private static void Require(bool holds)
    {
        if (!holds)
        {
            Assert.Fail("the table gave a wrong answer");
        }
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
