using Wetware.Core;
using Wetware.Membership.Routing;
using Wetware.Protocol.Routing;

namespace Wetware.Membership.Tests.Routing;

/// <summary>The rule for which record wins, over every small case there is.</summary>
public class RecordOrderTests
{
    private static readonly PeerRecord[] s_records =
    [
        .. from seq in Enumerable.Range(0, 4)
           from server in Enumerable.Range(0, 4)
           select Peers.Record(1, (ulong)seq, (ulong)server),
    ];

    [Fact]
    public void It_is_a_strict_total_order()
    {
        foreach (var a in s_records)
        {
            Assert.False(a.Supersedes(in a));
            foreach (var b in s_records)
            {
                var same = a.Seq == b.Seq && a.Server == b.Server;
                Assert.Equal(!same, a.Supersedes(in b) ^ b.Supersedes(in a));
                foreach (var c in s_records)
                {
                    Assert.False(a.Supersedes(in b) && b.Supersedes(in c) && !a.Supersedes(in c));
                }
            }
        }
    }

    [Fact]
    public void Whatever_the_order_of_arrival_the_same_record_stays()
    {
        foreach (var a in s_records)
        {
            foreach (var b in s_records)
            {
                foreach (var c in s_records)
                {
                    Assert.Equal(Last(a, b, c), Last(c, a, b));
                    Assert.Equal(Last(a, b, c), Last(b, a, c));
                    Assert.Equal(Last(a, b, c), Last(a, b, c, c, b, a));
                }
            }
        }
    }

    [Fact]
    public void A_restart_with_the_same_key_wins_at_once_and_the_old_start_never_comes_back()
    {
        var table = new RoutingTable();
        Assert.Equal(UpsertResult.Added, table.Upsert(Peers.Record(1, seq: 1_000, server: 9), 0));
        Assert.Equal(UpsertResult.Updated, table.Upsert(Peers.Record(1, seq: 2_000, server: 3), 1));
        Assert.Equal(UpsertResult.Stale, table.Upsert(Peers.Record(1, seq: 1_001, server: 9), 2));
        Assert.True(table.TryGet(Peers.Number(1), out var record));
        Assert.Equal(new ServerId(3), record.Server);
    }

    [Fact]
    public void Peers_with_the_same_server_id_do_not_disturb_each_other()
    {
        var table = new RoutingTable();
        table.Upsert(Peers.Record(1, server: 7), 0);
        table.Upsert(Peers.Record(2, server: 7), 0);
        var both = Peers.All(table.Snapshot(), Query.Match(IndexKey.Create(IndexKind.Server, new ServerId(7).ToString())));
        Assert.Equal(2, both.Count);
        Assert.True(table.Remove(Peers.Number(1), out _));
        Assert.Single(Peers.All(table.Snapshot(), Query.Match(IndexKey.Create(IndexKind.Server, new ServerId(7).ToString()))));
    }

    private static (ulong Seq, ServerId Server) Last(params PeerRecord[] records)
    {
        var table = new RoutingTable();
        foreach (var record in records)
        {
            table.Upsert(in record, 0);
        }

        table.TryGet(Peers.Number(1), out var last);
        return (last.Seq, last.Server);
    }
}
