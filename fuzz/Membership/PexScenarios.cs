using Wetware.Membership.Pex;

namespace Wetware.Fuzz.Membership;

/// <summary>What is asked of peer sampling alone, and what must hold: <c>fuzz membership --scenario pex</c>.</summary>
internal sealed class PexScenarios(ulong seed, int nodes, List<string> failures, List<Measurement> measurements)
{
    /// <summary>Rounds after which no trace of the beginning is left.</summary>
    private const int SettleRounds = 150;

    private static PexOptions Options => PexOptions.Default;

    internal void Run()
    {
        Random("", new PexSimulation(seed, Options), spreadMax: 1);
        // An answer that is lost each time it is given leaves what was given in two views, or in none.
        Random(" at 30 % loss", new PexSimulation(seed, Options) { Loss = 0.3 }, spreadMax: 1.2);
        Partition(5);
        Partition(60);
        HalfDies();
        Churn();
    }

    private void Random(string how, PexSimulation sim, double spreadMax)
    {
        sim.StartStar(nodes);
        sim.RunRounds(SettleRounds);
        var measure = PexMeasure.Of(sim, moments: 60, roundsApart: 20);
        Console.WriteLine(
            $"samples{how}: in {measure.InDegreeMean:0.0} views, spread {measure.InDegreeSpread:0.00} (random graph {measure.RandomSpread:0.00}), "
            + $"most {measure.InDegreeMost}, persistence {measure.Persistence:0.00}, chi-square/freedom {measure.Samples:0.000}, of each {measure.OwnSamples:0.000}");
        measurements.Add(new Measurement($"samples{how}: spread of in-degrees / of a random graph", $"{measure.InDegreeSpread / measure.RandomSpread:0.00}", $"{spreadMax}"));
        measurements.Add(new Measurement($"samples{how}: chi-square / degrees of freedom", $"{measure.Samples:0.00}", $"{PexMeasure.ChiSquareMax(nodes - 1):0.00}"));
        Check($"in-degrees spread more than {spreadMax} times those of a random graph{how}", measure.InDegreeSpread <= spreadMax * measure.RandomSpread);
        Check("samples are not uniform" + how, measure.Samples <= PexMeasure.ChiSquareMax(nodes - 1));
    }

    private void Partition(int minutes)
    {
        var sim = new PexSimulation(seed, Options);
        sim.StartStar(nodes);
        sim.RunRounds(SettleRounds);
        sim.Nodes.ForEach(node => node.Side = node.Number % 2);
        sim.RunRounds((int)((ulong)minutes * 60_000 / sim.RoundMs));
        var across = Across(sim);
        sim.Nodes.ForEach(node => node.Side = 0);
        var rounds = 0;
        while (Across(sim) < 0.45 && rounds < 1_000)
        {
            sim.RunRounds(1);
            rounds++;
        }

        Console.WriteLine($"cut in halves for {minutes} min: {across:0.0%} of views reach across at its end, 45 % {rounds} rounds after it ({rounds * (double)sim.RoundMs / 1_000:0} s)");
        measurements.Add(new Measurement($"samples cut in halves for {minutes} min, mixed again", $"{rounds} rounds", "40 rounds"));
        Check($"halves do not mix after {minutes} min", rounds <= 40 && sim.Components() == 1);
    }

    private void HalfDies()
    {
        var sim = new PexSimulation(seed, Options);
        sim.StartStar(nodes);
        sim.RunRounds(SettleRounds);
        for (var i = 0; i < nodes / 2; i++)
        {
            sim.Nodes[i].IsRunning = false;
        }

        var components = sim.Components();
        sim.RunRounds(30);
        var soon = Dead(sim);
        sim.RunRounds(170);
        var late = Dead(sim);
        Console.WriteLine($"half of all die: {components} part(s) at once; dead in views {soon:0.0%} after 30 rounds, {late:0.0%} after 200 (protected: {Options.Protect / (double)Options.View:0.0%})");
        measurements.Add(new Measurement("half of all die: dead in samples 200 rounds later", $"{late:0.0%}", $"{(Options.Protect + 1) / (double)Options.View:0.0%}"));
        Check("the living are cut apart when half dies", components == 1 && sim.Components() == 1);
        // Beside the protected ones hardly any: where a view is not full, those are more than their share of it.
        Check("the dead stay in views", late * sim.Links().Count() / sim.Running.Count() <= Options.Protect + 1);
    }

    /// <summary>A tenth of the nodes is replaced each minute: newcomers know one random node.</summary>
    private void Churn()
    {
        var sim = new PexSimulation(seed, Options);
        sim.StartStar(nodes);
        sim.RunRounds(SettleRounds);
        var dead = 0.0;
        for (var minute = 0; minute < 30; minute++)
        {
            var running = sim.Running.ToList();
            for (var i = 0; i < nodes / 10; i++)
            {
                running[(int)sim.Random.Below((ulong)running.Count)].IsRunning = false;
                running.RemoveAll(node => !node.IsRunning);
            }

            for (var i = 0; i < nodes / 10; i++)
            {
                sim.Start(running[(int)sim.Random.Below((ulong)running.Count)]);
            }

            sim.RunRounds((int)(60_000 / sim.RoundMs));
            dead += Dead(sim) / 30;
        }

        Console.WriteLine($"a tenth replaced each minute, half an hour: {sim.Components()} part(s), dead in views {dead:0.0%} on average");
        Check("churn cuts the living apart", sim.Components() == 1);
    }

    private static double Across(PexSimulation sim) => sim.Links().Average(link => link.From.Number % 2 != link.To.Number % 2 ? 1.0 : 0.0);

    private static double Dead(PexSimulation sim) => sim.Links().Average(link => link.To.IsRunning ? 0.0 : 1.0);

    private void Check(string failure, bool holds)
    {
        if (!holds)
        {
            failures.Add(failure);
        }
    }
}
