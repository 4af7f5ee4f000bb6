using BenchmarkDotNet.Attributes;
using Wetware.Core;
using Wetware.Core.Identity;
using Wetware.Membership.Routing;
using Wetware.Protocol.Routing;

namespace Wetware.Bench.Suites;

/// <summary>The routing table with 10,000 records: a newer record put in, and queries walked.</summary>
public class RoutingTablePaths
{
    private const int Peers = 10_000;
    private readonly RoutingTable _table = new();
    private readonly PeerRecord[] _records = new PeerRecord[Peers];
    private readonly Query _region = Query.Match(IndexKey.Create(IndexKind.Meta, "region=r7"));
    private ulong _seq = 1;
    private int _next;

    /// <summary>Fills the table.</summary>
    [GlobalSetup]
    public void Fill()
    {
        for (var i = 0; i < Peers; i++)
        {
            using var key = PeerKey.Create();
            _records[i] = new PeerRecord(Profile.Create(key.Peer, $"host-{i}", [$"region=r{i % 100}"], []), new ServerId((ulong)i + 1), _seq, 3_600_000);
            Invariant.Check(_table.Upsert(_records[i], 0) is not UpsertResult.Stale);
        }
    }

    /// <summary>A peer's next heartbeat: 0 B.</summary>
    [Benchmark]
    [ZeroAllocation]
    public void Upsert()
    {
        if (++_next == Peers)
        {
            (_next, _seq) = (0, _seq + 1);
        }

        Invariant.Check(_table.Upsert(_records[_next] with { Seq = _seq + 1 }, 0) == UpsertResult.Updated);
    }

    /// <summary>The hundred records of one region, walked in order: 0 B.</summary>
    [Benchmark]
    [ZeroAllocation]
    public int QueryRegion()
    {
        var count = 0;
        foreach (ref readonly var record in _table.Snapshot().Select(_region))
        {
            count += record.TtlMs > 0 ? 1 : 0;
        }

        Invariant.Check(count == Peers / 100);
        return count;
    }
}
