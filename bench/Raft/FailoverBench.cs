using System.Globalization;
using Wetware.Fuzz.Raft;

namespace Wetware.Bench.Raft;

/// <summary>How long a cluster commits nothing after its leader has crashed, in virtual time: no load of the machine changes it. Fails if it takes too long.</summary>
internal static class FailoverBench
{
    private const int Seeds = 10_000;
    private const int SmokeSeeds = 100;

    public static bool Run(bool isSmoke)
    {
        var count = isSmoke ? SmokeSeeds : Seeds;
        var figures = Failover.Measure(seed: 1, count);
        Console.WriteLine();
        Console.WriteLine($"leader's crash to first commit of another, simulated, {Failover.Nodes} nodes, {count:#,0} seeds, in election timeouts");
        Console.WriteLine("| p50 | p90 | p99 | worst | goal |");
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        var isMet = figures.At(0.99) <= Failover.Goal;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {figures.At(0.5):0.00} | {figures.At(0.9):0.00} | {figures.At(0.99):0.00}{(isMet ? "" : " FAIL")} | {figures.At(1):0.00} | p99 {Failover.Goal:0.##} |"));
        return isMet;
    }
}
