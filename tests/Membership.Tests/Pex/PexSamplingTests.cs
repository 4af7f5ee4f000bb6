using Wetware.Fuzz.Membership;
using Wetware.Membership.Pex;
using Wetware.Testing;

namespace Wetware.Membership.Tests.Pex;

/// <summary>
/// That views are as good as random samples: simulated clusters in which everybody begins by knowing the same one peer, measured when no
/// trace of that should be left. What is compared with is a random graph, as in Jelasity and others (2007).
/// </summary>
public class PexSamplingTests
{
    private const int Nodes = 200;
    private const int SettleRounds = 150;

    [Theory]
    [InlineData(0.0, 1.0)]
    [InlineData(0.3, 1.2)]
    public void Samples_are_uniform_over_all_and_over_time_and_in_degrees_spread_hardly_more_than_at_random(double loss, double spreadMax)
    {
        var measure = PexMeasure.Of(Settled(PexOptions.Default, loss), moments: 40, roundsApart: 20);
        Assert.True(measure.InDegreeSpread <= spreadMax * measure.RandomSpread, measure.ToString());
        Assert.True(measure.Samples <= PexMeasure.ChiSquareMax(Nodes - 1), measure.ToString());
        // Moments 20 rounds apart still share some of the protected records.
        Assert.True(measure.OwnSamples <= 1.1, measure.ToString());
        Assert.InRange(measure.Persistence, 0, 4);
    }

    [Fact]
    public void A_sampler_that_holds_on_to_what_it_got_is_found_out()
    {
        var stuck = PexOptions.Default with { Swap = 0, Protect = PexOptions.Default.View - 1 };
        var measure = PexMeasure.Of(Settled(stuck), moments: 40, roundsApart: 20);
        Assert.True(measure.OwnSamples > 1.5, measure.ToString());
        Assert.True(measure.Persistence > 4, measure.ToString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(60)]
    public void Halves_that_were_cut_apart_for_minutes_find_each_other_and_mix(int minutes)
    {
        var sim = Settled(PexOptions.Default);
        Part(sim, minutes);
        Assert.True(Across(sim) > 0, "nobody remembers the other half");
        sim.Nodes.ForEach(node => node.Side = 0);
        sim.RunRounds(20);
        Assert.InRange(Across(sim), 0.42, 0.58);
        Assert.Equal(1, sim.Components());
    }

    [Fact]
    public void Without_protection_the_memory_of_the_other_half_would_be_lost()
    {
        var sim = Settled(PexOptions.Default with { Protect = 0 });
        Part(sim, minutes: 60);
        Assert.Equal(0, Across(sim));
    }

    [Fact]
    public void When_half_of_all_die_the_living_stay_together_and_forget_the_dead_but_for_the_protected()
    {
        var sim = Settled(PexOptions.Default);
        sim.Nodes[..(Nodes / 2)].ForEach(node => node.IsRunning = false);
        Assert.Equal(1, sim.Components());
        sim.RunRounds(100);
        Assert.Equal(1, sim.Components());
        var dead = sim.Links().Average(link => link.To.IsRunning ? 0.0 : 1.0);
        Assert.InRange(dead, 0, (PexOptions.Default.Protect + 1.0) / PexOptions.Default.View);
    }

    private static PexSimulation Settled(PexOptions options, double loss = 0)
    {
        var sim = new PexSimulation(Property.Seed(), options) { Loss = loss };
        sim.StartStar(Nodes);
        sim.RunRounds(SettleRounds);
        return sim;
    }

    private static void Part(PexSimulation sim, int minutes)
    {
        sim.Nodes.ForEach(node => node.Side = node.Number % 2);
        sim.RunRounds((int)((ulong)minutes * 60_000 / sim.RoundMs));
    }

    private static double Across(PexSimulation sim) => sim.Links().Average(link => link.From.Number % 2 != link.To.Number % 2 ? 1.0 : 0.0);
}
