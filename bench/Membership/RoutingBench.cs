using System.Diagnostics;
using System.Globalization;
using Wetware.Core;
using Wetware.Membership.Routing;
using Wetware.Protocol.Routing;

namespace Wetware.Bench.Membership;

/// <summary>
/// The routing table alone, in one thread: the rows of the comparison with go-memdb in the same shape. Fails if a row that is promised
/// to allocate nothing does, or if an answer is wrong.
/// </summary>
internal static class RoutingBench
{
    private const int Records = 10_000;

    /// <summary>Best of this many runs: others work on the same machine.</summary>
    private const int Runs = 9;

    /// <summary>How long a row runs before it is measured, so that the compiler has done what it will.</summary>
    private static TimeSpan s_warmUp;

    private static bool s_failed;

    public static int Run(bool isSmoke)
    {
        var many = isSmoke ? 50_000 : 1_000_000;
        s_failed = false;
        s_warmUp = TimeSpan.FromMilliseconds(isSmoke ? 20 : 800);
        Console.WriteLine($"routing table, one thread, {Records:n0} records of a host and two labels unless said otherwise, best of {Runs}");
        Console.WriteLine("| operation | ns/op | bytes/op | go-memdb | goal |");
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        var records = TestRecords.Make(Records);
        Renew(records);
        Change(records);
        Stale(records);
        Lookup(records);
        Scan(records);
        Expire(records);
        AfterSnapshot(records);
        First(many);
        return ClusterBench.Run(isSmoke) && !s_failed ? 0 : 1;
    }

    private static void Renew(PeerRecord[] records)
    {
        var table = Filled(records);
        var order = Shuffled(records);
        var seq = 1UL;
        Measure("upsert of a newer record, same profile", "45 to 64 us", "2 us", 0, Records, () => { }, () =>
        {
            seq++;
            foreach (var at in order)
            {
                Check(table.Upsert(records[at] with { Seq = seq }, seq) == UpsertResult.Updated);
            }
        });
    }

    private static void Change(PeerRecord[] records)
    {
        var table = Filled(records);
        var order = Shuffled(records);
        PeerRecord[][] generations = [records, TestRecords.Make(Records, generation: 1)];
        var seq = 1UL;
        Measure("upsert of a newer record, other server, host and labels", "45 to 64 us", "-", 512, Records, () => { }, () =>
        {
            seq++;
            foreach (var at in order)
            {
                Check(table.Upsert(generations[seq % 2][at] with { Seq = seq }, seq) == UpsertResult.Updated);
            }
        });
    }

    private static void Stale(PeerRecord[] records)
    {
        var table = Filled(records);
        var order = Shuffled(records);
        Measure("stale record dropped", "1.07 us", "0.1 us", 0, Records, () => { }, () =>
        {
            foreach (var at in order)
            {
                Check(table.Upsert(in records[at], 1) == UpsertResult.Stale);
            }
        });
    }

    private static void Lookup(PeerRecord[] records)
    {
        var table = Filled(records);
        var order = Shuffled(records);
        var peers = records.Select(r => r.Peer).ToArray();
        Measure("lookup by peer", "1.13 us", "0.1 us", 0, Records, () => { }, () =>
        {
            foreach (var at in order)
            {
                Check(table.TryGet(in peers[at], out var found) && found.Seq == 1);
            }
        });
    }

    private static void Scan(PeerRecord[] records)
    {
        var table = Filled(records);
        Measure("scan of 10,000 (ns per scan)", "182 us", "50 us", 0, 1, () => { }, () =>
        {
            var sum = 0UL;
            foreach (ref readonly var record in table.Snapshot().Select(Query.All))
            {
                sum += record.Seq;
            }

            Check(sum == Records);
        });
    }

    private static void Expire(PeerRecord[] records)
    {
        var table = new RoutingTable();
        var order = Shuffled(records);
        var now = 0UL;
        Measure("expiry of 10,000 (ns for all)", "210 ms", "10 ms", 0, 1, () =>
        {
            foreach (var at in order)
            {
                table.Upsert(records[at] with { Seq = 1, TtlMs = 1_000 + ((uint)at % 1_000) }, now);
            }
        }, () =>
        {
            now += 10_000;
            var expired = 0;
            while (table.TryExpire(now, out _))
            {
                expired++;
            }

            Check(expired == Records && table.Count == 0);
        });
    }

    private static void AfterSnapshot(PeerRecord[] records)
    {
        var table = Filled(records);
        var order = Shuffled(records);
        var seq = 1UL;
        var kept = table.Snapshot();
        Measure("snapshot, then 100 upserts (per upsert)", "-", "-", 8_192, Records, () => { }, () =>
        {
            seq++;
            for (var i = 0; i < order.Length; i++)
            {
                kept = i % 100 == 0 ? table.Snapshot() : kept;
                table.Upsert(records[order[i]] with { Seq = seq }, seq);
            }
        });
        Check(kept.Count == Records);
    }

    private static void First(int many)
    {
        var table = new RoutingTable();
        foreach (ref readonly var record in TestRecords.Make(many).AsSpan())
        {
            table.Upsert(in record, 0);
        }

        var query = Query.Match(IndexKey.Create(IndexKind.Meta, "region=r3", prefix: true));
        Measure($"first record of a prefix query among {many:n0}", "-", "1 us", 0, 1_000, () => { }, () =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                Check(table.Snapshot().TryFirst(query, out var record) && record.Seq == 1);
            }
        });
    }

    private static void Measure(string what, string rival, string goal, long bytesMax, int operations, Action prepare, Action run)
    {
        var (best, bytes) = (double.MaxValue, long.MaxValue);
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < s_warmUp;)
        {
            prepare();
            run();
        }

        for (var i = 0; i < Runs; i++)
        {
            prepare();
            var (before, clock) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
            run();
            best = Math.Min(best, Stopwatch.GetElapsedTime(clock).TotalNanoseconds / operations);
            bytes = Math.Min(bytes, (GC.GetAllocatedBytesForCurrentThread() - before) / operations);
        }

        var isGated = bytes > bytesMax;
        s_failed |= isGated;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {what} | {best:#,0.0} | {bytes}{(isGated ? " FAIL" : "")} | {rival} | {goal} |"));
    }

    private static RoutingTable Filled(PeerRecord[] records)
    {
        var table = new RoutingTable();
        foreach (var at in Shuffled(records))
        {
            Check(table.Upsert(in records[at], 0) == UpsertResult.Added);
        }

        return table;
    }

    private static int[] Shuffled(PeerRecord[] records)
    {
        var order = Enumerable.Range(0, records.Length).ToArray();
        new Prng(2).Shuffle<int>(order);
        return order;
    }

    private static void Check(bool right)
    {
        if (!right)
        {
            throw new InvalidOperationException("the table gave a wrong answer");
        }
    }
}
