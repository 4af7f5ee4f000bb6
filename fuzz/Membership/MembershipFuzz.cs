using System.Globalization;
using Wetware.Membership.Gossip;

namespace Wetware.Fuzz.Membership;

/// <summary><c>fuzz membership --seed S --nodes N [--scenario NAME]</c>: a cluster in virtual time, and how it behaves.</summary>
internal static class MembershipFuzz
{
    internal static int Run(string[] args)
    {
        var (seed, nodes, scenario) = (0UL, 0, "");
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            switch (args[i])
            {
                case "--seed" when ulong.TryParse(args[i + 1], CultureInfo.InvariantCulture, out seed):
                case "--nodes" when int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out nodes) && nodes > 1:
                    break;
                case "--scenario":
                    scenario = args[i + 1];
                    break;
                default:
                    return Usage();
            }
        }

        if (args.Length % 2 != 0)
        {
            return Usage();
        }

        if (seed == 0)
        {
            seed = (ulong)Random.Shared.NextInt64(1, long.MaxValue);
        }

        nodes = nodes == 0 ? 100 : nodes;
        Console.WriteLine($"seed {seed}, {nodes} nodes; replay with: fuzz membership --seed {seed} --nodes {nodes}{(scenario.Length > 0 ? " --scenario " + scenario : "")}");
        var scenarios = new Scenarios(seed, nodes, GossipOptions.Default);
        var failures = scenarios.Run(scenario);
        Console.WriteLine($"\n| {nodes} nodes, virtual time | measured | goal |\n| --- | --- | --- |");
        foreach (var (what, value, goal) in scenarios.Measurements)
        {
            Console.WriteLine($"| {what} | {value} | {goal} |");
        }

        foreach (var failure in failures)
        {
            Console.WriteLine("FAILED: " + failure);
        }

        return failures.Count == 0 ? 0 : 1;
    }

    private static int Usage()
    {
        Console.Error.WriteLine("usage: fuzz membership [--seed S] [--nodes N] [--scenario " + string.Join('|', Scenarios.Names) + "]");
        return 2;
    }
}
