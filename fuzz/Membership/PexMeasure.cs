namespace Wetware.Fuzz.Membership;

/// <summary>
/// How random a simulated sampling is, by three figures that are about one if views are independent uniform samples, and grow with any bias:
/// the spread of in-degrees over that of a random graph; the chi-square of samples over its degrees of freedom; and the same of each
/// node's own samples over time, which finds a node that always sees the same few.
/// </summary>
/// <param name="InDegreeMean">In how many views a node is, on average.</param>
/// <param name="InDegreeSpread">The standard deviation of that, at one moment, averaged over moments.</param>
/// <param name="InDegreeMost">The most views that any node was in at one moment.</param>
/// <param name="RandomSpread">The standard deviation of in-degrees if all views were drawn at random.</param>
/// <param name="Persistence">The variance of nodes' in-degrees averaged over moments, times the moments, over that at one moment: many if some nodes are always known better.</param>
/// <param name="Samples">Chi-square of how often each node was sampled by anybody, over its degrees of freedom.</param>
/// <param name="OwnSamples">Chi-square of how often each node was sampled by each other, over its degrees of freedom.</param>
internal readonly record struct PexMeasure(
    double InDegreeMean, double InDegreeSpread, int InDegreeMost, double RandomSpread, double Persistence, double Samples, double OwnSamples)
{
    /// <summary>Measures a simulation in which everybody runs, at moments that are so many rounds apart.</summary>
    internal static PexMeasure Of(PexSimulation sim, int moments, int roundsApart)
    {
        var count = sim.Nodes.Count;
        var (sum, spread, most) = (new double[count], 0.0, 0);
        var sampled = new int[count, count];
        for (var moment = 0; moment < moments; moment++)
        {
            sim.RunRounds(roundsApart);
            var degrees = sim.InDegrees();
            spread += Math.Sqrt(Variance([.. degrees.Select(degree => (double)degree)]));
            most = Math.Max(most, degrees.Max());
            for (var i = 0; i < count; i++)
            {
                sum[i] += degrees[i];
                if (sim.Sample(sim.Nodes[i]) is >= 0 and var sample)
                {
                    sampled[i, sample]++;
                }
            }
        }

        spread /= moments;
        var mean = sum.Average() / moments;
        return new PexMeasure(
            mean,
            spread,
            most,
            Math.Sqrt(mean * (1 - (mean / (count - 1)))),
            Variance(sum) / moments / (spread * spread),
            OfAll(sampled, moments),
            OfEach(sampled, moments));
    }

    /// <summary>The largest that a chi-square over its degrees of freedom may be by chance: once in a million for a normal distribution.</summary>
    internal static double ChiSquareMax(double freedom) => 1 + (4.75 * Math.Sqrt(2 / freedom));

    private static double OfAll(int[,] sampled, int moments)
    {
        var count = sampled.GetLength(0);
        var chi = 0.0;
        for (var of = 0; of < count; of++)
        {
            var seen = 0;
            for (var by = 0; by < count; by++)
            {
                seen += sampled[by, of];
            }

            chi += (seen - moments) * (double)(seen - moments) / moments;
        }

        return chi / (count - 1);
    }

    private static double OfEach(int[,] sampled, int moments)
    {
        var count = sampled.GetLength(0);
        var expected = moments / (double)(count - 1);
        var chi = 0.0;
        for (var by = 0; by < count; by++)
        {
            for (var of = 0; of < count; of++)
            {
                chi += by == of ? 0 : (sampled[by, of] - expected) * (sampled[by, of] - expected) / expected;
            }
        }

        return chi / (count * (count - 2.0));
    }

    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / values.Length;
    }
}
