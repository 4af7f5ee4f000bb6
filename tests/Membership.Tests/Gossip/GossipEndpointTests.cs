using Wetware.Core;
using Wetware.Membership.Gossip;
using Wetware.Membership.Routing;
using Wetware.Membership.Tests.Routing;
using Wetware.Protocol.Routing;
using Wetware.Testing;

namespace Wetware.Membership.Tests.Gossip;

/// <summary>Stories of small clusters, in real bytes with real keys.</summary>
public class GossipEndpointTests
{
    [Fact]
    public void Peers_that_know_one_address_learn_of_all_and_answer_queries_about_all()
    {
        using var cluster = new Cluster(Property.Seed());
        cluster.Start(0, meta: ["region=eu"]);
        for (var n = 1; n < 6; n++)
        {
            cluster.Start(n, seed: n - 1, meta: [n % 2 == 0 ? "region=eu" : "region=us-east-1"]);
        }

        Assert.True(cluster.RunUntil(() => cluster.IsWhole(6), 5_000));
        foreach (var node in cluster.Nodes)
        {
            var found = Peers.All(node!.Table.Snapshot(), Query.Match(IndexKey.Create(IndexKind.Meta, "region=us-east-1")));
            Assert.Equal([1, 3, 5], found.Select(r => r.Profile.Host!.ToString()[5] - '0').Order());
            Assert.Equal(0, node.Counters.Forged + node.Counters.Malformed + node.Counters.Replayed);
        }
    }

    /// <summary>The seeds are of clusters in which the one that leaves has no eager way to somebody: the goodbye is announced, asked for, and served.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(4UL)]
    [InlineData(49UL)]
    [InlineData(98UL)]
    [InlineData(182UL)]
    [InlineData(267UL)]
    public void A_silent_node_is_missed_within_five_seconds_and_one_that_leaves_at_once(ulong? seed)
    {
        using var cluster = Whole(6, seed ?? Property.Seed());
        cluster.Nodes[3] = null;
        Assert.True(cluster.RunUntil(() => cluster.IsWhole(5), 5_000));
        cluster.Nodes[4]!.Leave(cluster.Now);
        cluster.Run(200);
        cluster.Nodes[4] = null;
        Assert.True(cluster.IsWhole(4));
        cluster.Run(30_000);
        Assert.True(cluster.IsWhole(4));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(9)]
    public void However_few_nodes_are_left_a_silent_one_is_missed_within_five_seconds(int count)
    {
        var seed = Property.Seed();
        for (var i = 0UL; i < 6; i++)
        {
            using var cluster = Whole(count, seed + i);
            cluster.Nodes[count / 2] = null;
            Assert.True(cluster.RunUntil(() => cluster.IsWhole(count - 1), 5_000), $"cluster {i} of the seed");
        }
    }

    [Fact]
    public void No_live_node_ever_expires()
    {
        using var cluster = Whole(5);
        for (var i = 0; i < 600; i++)
        {
            cluster.Run(100);
            Assert.True(cluster.IsWhole(5));
        }
    }

    [Fact]
    public void A_node_that_restarts_with_its_key_takes_its_own_place_at_once()
    {
        using var cluster = Whole(4);
        var before = cluster.Nodes[2]!.Node.Own.Record.Server;
        cluster.Start(2, seed: 0);
        Assert.True(cluster.RunUntil(() => cluster.IsWhole(4) && Servers(cluster, 2).TrueForAll(s => s != before), 2_000));
        cluster.Run(15_000);
        Assert.True(cluster.IsWhole(4));
        Assert.Single(Servers(cluster, 2).Distinct());
    }

    [Fact]
    public void Of_two_living_processes_with_one_key_exactly_one_stands_back()
    {
        using var cluster = Whole(4);
        var first = cluster.Nodes[2]!;
        var second = cluster.Start(2, seed: 0, server: first.Node.Own.Record.Server.Value + 1);
        // The first is still there, elsewhere: it hears what the cluster says of its peer.
        cluster.Nodes.Add(first);
        cluster.Run(30_000);
        Assert.False(first.Node.HasYielded && second.Node.HasYielded);
        cluster.Nodes.RemoveAt(4);
    }

    [Fact]
    public void Labels_that_change_are_known_everywhere_soon()
    {
        using var cluster = Whole(4);
        var node = cluster.Nodes[1]!;
        node.Say(Profile.Create(cluster.Peer(1), "host-1", ["load=high"], [Cluster.Address(1)]), cluster.Now);
        cluster.Run(500);
        var query = Query.Match(IndexKey.Create(IndexKind.Meta, "load=high"));
        Assert.All(cluster.Nodes, n => Assert.Single(Peers.All(n!.Table.Snapshot(), query)));
    }

    [Fact]
    public void A_heartbeat_stays_as_long_as_it_was_however_often_it_is_sealed_anew()
    {
        using var cluster = Whole(1);
        var node = cluster.Nodes[0]!;
        var first = node.Node.Own;
        for (var i = 0; i < 300; i++)
        {
            node.Say(first.Record.Profile, cluster.Now);
        }

        Assert.Equal(first.Record.Seq + 300, node.Node.Own.Record.Seq);
        // A signature's two numbers may each begin with zeros, or need a byte for their sign; the number of the heartbeat may pack a byte longer.
        Assert.InRange(node.Node.Own.Envelope.Length, first.Envelope.Length - 8, first.Envelope.Length + 8);
    }

    [Fact]
    public void Nodes_of_another_namespace_do_not_mix_in()
    {
        using var cluster = Whole(3);
        var stranger = cluster.Start(3, seed: 0, ns: "other");
        cluster.Run(20_000);
        Assert.Equal(1, stranger.Node.Count);
        Assert.All(cluster.Nodes[..3], n => Assert.Equal(3, n!.Node.Count));
        Assert.True(cluster.Nodes[0]!.Counters.Forged > 0);
    }

    [Fact]
    public void A_node_cut_off_for_longer_than_the_ttl_forgets_and_comes_back()
    {
        using var cluster = Whole(5);
        var all = cluster.Nodes.ToArray();
        var alone = all[1]!;
        cluster.Nodes.RemoveAt(1);
        cluster.Run(20_000);
        Assert.True(cluster.IsWhole(4));
        for (var i = 0; i < 400; i++)
        {
            alone.Tick(cluster.Now - 20_000 + (ulong)(i * 50));
            while (alone.TryTakeOutgoing(out _))
            {
            }
        }

        Assert.Equal(1, alone.Node.Count);
        Assert.Equal(1, alone.Table.Count);
        cluster.Nodes.Insert(1, alone);
        Assert.True(cluster.RunUntil(() => cluster.IsWhole(5), 10_000));
    }

    [Fact]
    public void Every_repeated_frame_is_counted_and_dropped()
    {
        using var cluster = Whole(3);
        var seen = new List<byte[]>();
        cluster.Tamper = bytes =>
        {
            seen.Add(bytes);
            return bytes;
        };
        cluster.Run(2_000);
        cluster.Tamper = null;
        Assert.NotEmpty(seen);
        foreach (var node in cluster.Nodes)
        {
            var before = (node!.Counters.FramesIn, node.Counters.Replayed + node.Counters.Forged);
            seen.ForEach(bytes => node.Receive(bytes, cluster.Now));
            Assert.Equal((before.FramesIn, before.Item2 + seen.Count), (node.Counters.FramesIn, node.Counters.Replayed + node.Counters.Forged));
        }
    }

    [Fact]
    public void A_changed_frame_is_never_believed_and_never_does_harm()
    {
        var prng = new Prng(Property.Seed());
        using var cluster = Whole(4);
        cluster.Tamper = bytes =>
        {
            if (prng.Chance(0.12))
            {
                bytes[prng.Below((ulong)bytes.Length)] ^= (byte)(1 + prng.Below(255));
            }
            else if (prng.Chance(0.06))
            {
                return bytes[..(int)prng.Below((ulong)bytes.Length)];
            }

            return bytes;
        };
        cluster.Start(4, seed: 0);
        Assert.True(cluster.RunUntil(() => cluster.IsWhole(5), 20_000));
        for (var i = 0; i < 600; i++)
        {
            cluster.Run(50);
            Assert.True(cluster.IsWhole(5));
        }

        Assert.True(cluster.Nodes.Sum(n => n!.Counters.Forged + n.Counters.Malformed) > 0);
    }

    [Fact]
    public void Garbage_is_counted_and_dropped()
    {
        using var cluster = Whole(2);
        var node = cluster.Nodes[0]!;
        var prng = new Prng(Property.Seed());
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[prng.Below(200)];
            prng.Fill(bytes);
            if (bytes.Length > 0 && prng.Chance(0.8))
            {
                bytes[0] = (byte)(1 + prng.Below(2));
            }

            node.Receive(bytes, cluster.Now);
        }

        // A frame that says nothing, from nobody: well formed, and still dropped and counted.
        node.Receive(new byte[] { 1, 0x10, 1, 0 }, cluster.Now);
        node.Receive(new byte[Limits.FrameBytesMax + 1], cluster.Now);
        Assert.Equal(20_002, node.Counters.Malformed + node.Counters.Forged + node.Counters.Strangers + node.Counters.Replayed);
    }

    [Fact]
    public void A_fifth_of_the_frames_may_be_lost()
    {
        using var cluster = Whole(6);
        cluster.Loss = 0.2;
        for (var i = 0; i < 1_000; i++)
        {
            cluster.Run(100);
            Assert.True(cluster.IsWhole(6));
        }
    }

    [Theory]
    [InlineData(0.0, 20)]
    [InlineData(0.2, 17)]
    public void A_message_reaches_everybody_once_and_hardly_any_is_missed_when_frames_are_lost(double loss, int least)
    {
        using var cluster = Whole(8);
        cluster.Loss = loss;
        for (var i = 0; i < 20; i++)
        {
            cluster.Nodes[i % 8]!.Publish("news", [(byte)i], cluster.Now);
            cluster.Run(100);
        }

        cluster.Run(3_000);
        foreach (var node in cluster.Nodes)
        {
            var got = new List<byte>();
            while (node!.TryTakeMessage(out var message))
            {
                Assert.Equal("news", message.Topic);
                got.Add(message.Data.Span[0]);
            }

            Assert.Distinct(got);
            Assert.InRange(got.Count, least, 20);
        }
    }

    [Fact]
    public void A_message_that_nobody_takes_is_dropped_and_counted()
    {
        using var cluster = Whole(1);
        for (var i = 0; i < Limits.UndeliveredMax + 5; i++)
        {
            cluster.Nodes[0]!.Publish("t", [], cluster.Now);
        }

        Assert.Equal(5, cluster.Nodes[0]!.Counters.Undelivered);
        Assert.Throws<MembershipException>(() => cluster.Nodes[0]!.Publish("t", new byte[Limits.MessageBytesMax + 1], cluster.Now));
    }

    private static Cluster Whole(int count) => Whole(count, Property.Seed());

    private static Cluster Whole(int count, ulong seed)
    {
        var cluster = new Cluster(seed);
        for (var n = 0; n < count; n++)
        {
            cluster.Start(n, seed: 0);
        }

        Assert.True(cluster.RunUntil(() => cluster.IsWhole(count), 5_000));
        cluster.Run(6_000);
        return cluster;
    }

    private static List<ServerId> Servers(Cluster cluster, int number)
    {
        var servers = new List<ServerId>();
        foreach (var node in cluster.Nodes)
        {
            Assert.True(node!.Table.TryGet(cluster.Peer(number), out var record));
            servers.Add(record.Server);
        }

        return servers;
    }
}
