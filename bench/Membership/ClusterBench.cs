using Wetware.Fuzz.Membership;
using Wetware.Membership.Gossip;

namespace Wetware.Bench.Membership;

/// <summary>
/// How a whole cluster behaves, simulated in virtual time, so that the load of the machine does not matter: the rows of the comparison with
/// serf and memberlist, a column for each size. <c>fuzz membership --nodes N</c> has more of it.
/// </summary>
internal static class ClusterBench
{
    private static readonly string[] s_names = ["start", "join", "steady", "kill", "blocked", "loss", "partition"];

    /// <summary>Prints the table; false if a goal is missed.</summary>
    public static bool Run(bool isSmoke)
    {
        int[] sizes = isSmoke ? [16] : [48, 100, 250];
        var columns = new List<List<Measurement>>();
        var failures = new List<string>();
        foreach (var nodes in sizes)
        {
            var scenarios = new Scenarios(seed: 1, nodes, GossipOptions.Default);
            foreach (var name in isSmoke ? ["kill"] : s_names)
            {
                failures.AddRange(scenarios.Run(name).Select(failure => $"{nodes} nodes: {failure}"));
            }

            columns.Add(scenarios.Measurements);
        }

        Console.WriteLine($"\n| a cluster in virtual time, nodes: | {string.Join(" | ", sizes)} | goal |");
        Console.WriteLine($"| --- | {string.Concat(sizes.Select(_ => "--- | "))}--- |");
        for (var row = 0; row < columns[0].Count; row++)
        {
            var goals = columns.Select(column => column[row].Goal).Distinct();
            Console.WriteLine($"| {columns[0][row].What} | {string.Join(" | ", columns.Select(column => column[row].Value))} | {string.Join(" / ", goals)} |");
        }

        failures.Distinct().ToList().ForEach(failure => Console.WriteLine("FAILED: " + failure));
        return failures.Count == 0;
    }
}
