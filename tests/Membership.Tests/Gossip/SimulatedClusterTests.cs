using Wetware.Fuzz.Membership;
using Wetware.Membership.Gossip;
using Wetware.Membership.Pex;
using Wetware.Testing;

namespace Wetware.Membership.Tests.Gossip;

/// <summary>Stories of clusters of some tens of nodes in virtual time: who is told dead, by whom, and what it does about it.</summary>
public sealed class SimulatedClusterTests
{
    private const int Count = 40;

    [Fact]
    public void One_that_its_observer_cannot_reach_is_probed_through_others_and_not_declared_dead()
    {
        using var sim = Warm();
        var observer = sim.Nodes[3];
        var neighbours = observer.Node.Neighbours.ToHashSet();
        sim.IsLinkCut = (from, to) => (from == observer && neighbours.Contains(to.Tail)) || (to == observer && neighbours.Contains(from.Tail));
        sim.Run(120_000);
        Assert.Equal(0, sim.FalseDeaths);
        Assert.True(IsWhole(sim, Count));
    }

    [Fact]
    public void One_that_nobody_can_reach_is_declared_dead_within_five_seconds_and_refutes_it_when_it_can()
    {
        using var sim = Warm();
        var lost = sim.Nodes[7];
        sim.IsLinkCut = (from, to) => from == lost || to == lost;
        Assert.NotNull(sim.RunUntil(() => sim.Nodes.TrueForAll(node => node == lost || node.Node.Count == Count - 1), 5_000));
        var before = sim.FalseDeaths;
        sim.IsLinkCut = null;
        Assert.NotNull(sim.RunUntil(() => IsWhole(sim, Count), 10_000));
        Assert.True(lost.Node.Counters.Refuted > 0);
        sim.Run(30_000);
        Assert.True(IsWhole(sim, Count));
        Assert.Equal(before, sim.FalseDeaths);
    }

    [Fact]
    public void Nodes_that_were_stopped_notice_it_and_accuse_nobody()
    {
        using var sim = Warm();
        var slow = sim.Nodes[..(Count / 4)];
        slow.ForEach(node => sim.Block(node, 16_000));
        sim.Run(16_000);
        Assert.NotNull(sim.RunUntil(() => IsWhole(sim, Count), 10_000));
        sim.Run(30_000);
        Assert.All(slow, node => Assert.True(node.Node.Counters.Paused > 0));
        Assert.Equal(0, sim.FalseDeaths);
    }

    [Fact]
    public void One_that_leaves_is_known_to_have_left_at_once_and_nobody_looks_for_it()
    {
        using var sim = Warm();
        sim.Leave(sim.Nodes[5]);
        Assert.NotNull(sim.RunUntil(() => IsWhole(sim, Count - 1), 1_000));
        Assert.Equal(Count - 1, sim.Departures);
        sim.Run(30_000);
        Assert.True(IsWhole(sim, Count - 1));
    }

    [Theory]
    [InlineData(20_000, true)]
    [InlineData(int.MaxValue / 2, false)]
    public void Halves_that_were_apart_for_longer_than_the_dead_are_remembered_meet_by_their_samples_and_only_by_them(int intervalMs, bool meet)
    {
        var options = GossipOptions.Default with { TombstoneMs = 20_000, Pex = PexOptions.Default with { IntervalMs = intervalMs } };
        using var sim = new Simulation(Property.Seed(), options);
        sim.StartWarm(Count, isSeeded: false);
        sim.Run(60_000);
        sim.Nodes.ForEach(node => node.Side = node.Number % 2);
        sim.IsCut = true;
        sim.Run(120_000);
        sim.Nodes.ForEach(node => node.Side = 0);
        sim.IsCut = false;
        Assert.Equal(meet, sim.RunUntil(() => IsWhole(sim, Count), 60_000) is not null);
    }

    [Fact]
    public void The_samples_of_members_are_uniform()
    {
        const int Nodes = 100;
        const int Moments = 40;
        using var sim = new Simulation(Property.Seed(), GossipOptions.Default);
        sim.StartWarm(Nodes);
        sim.Run(300_000);
        var number = sim.Nodes.ToDictionary(node => node.Tail, node => node.Number);
        var (known, spread) = (new double[Nodes], 0.0);
        for (var moment = 0; moment < Moments; moment++)
        {
            sim.Run(60_000);
            var now = new double[Nodes];
            foreach (var node in sim.Nodes)
            {
                Assert.Equal(PexOptions.Default.View, node.Node.Sample.Count);
                for (var i = 0; i < node.Node.Sample.Count; i++)
                {
                    now[number[node.Node.Sample[i].Record.Tail]]++;
                }
            }

            spread += Spread(now) / Moments;
            known = [.. known.Zip(now, (sum, value) => sum + (value / Moments))];
        }

        // In a random graph of these sizes it is 4.66; averaged over moments that are four rounds apart nobody is known much better than others.
        Assert.InRange(spread, 0, 4.66);
        Assert.InRange(Spread(known), 0, 0.7 * 4.66);
    }

    private static double Spread(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }

    private static Simulation Warm()
    {
        var sim = new Simulation(Property.Seed(), GossipOptions.Default);
        sim.StartWarm(Count);
        sim.Run(30_000);
        Assert.True(IsWhole(sim, Count));
        return sim;
    }

    private static bool IsWhole(Simulation sim, int count) => sim.Nodes.TrueForAll(node => !node.IsRunning || node.Node.Count == count);
}
