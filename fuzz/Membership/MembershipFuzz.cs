using Wetware.Membership.Gossip;

namespace Wetware.Fuzz.Membership;

/// <summary>A cluster in virtual time, and how it behaves.</summary>
internal static class MembershipFuzz
{
    /// <summary>Runs all scenarios, or the one of that name.</summary>
    internal static int Run(ulong seed, int nodes, string scenario)
    {
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
}
