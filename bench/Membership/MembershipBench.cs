using System.Globalization;

namespace Wetware.Bench.Membership;

/// <summary>The routing table alone, its view over TCP, and clusters of real nodes.</summary>
internal static class MembershipBench
{
    private const string Usage =
        """
        usage: bench membership [table | view | --real NODES [--quiet SECONDS] [--seed S]] [--smoke]
        table   the routing table alone, one thread
        view    queries of a million records in another process, over TCP and TLS
        --real  so many nodes as processes on loopback: full view, false deaths, one killed, one stopped, one back; about 100 MB a node
        Without any: table and view.
        """;

    public static int Run(string[] args)
    {
        try
        {
            return args switch
            {
                [] => Table(isSmoke: false) | View(isSmoke: false),
                ["table"] => Table(isSmoke: false),
                ["view"] => View(isSmoke: false),
                ["--smoke"] => Table(isSmoke: true) | View(isSmoke: true) | Real(4, TimeSpan.FromSeconds(2), 1),
                ["view-process", var count] => ViewProcess.RunAsync(int.Parse(count, CultureInfo.InvariantCulture)).GetAwaiter().GetResult(),
                ["real-node", var folder, .. var join] => RealNode.RunAsync(folder, join).GetAwaiter().GetResult(),
                ["--real", var nodes, .. var rest] => Real(int.Parse(nodes, CultureInfo.InvariantCulture), TimeSpan.FromSeconds(Option(rest, "--quiet", 30)), Option(rest, "--seed", 1)),
                _ => Fail(),
            };
        }
        catch (FormatException)
        {
            return Fail();
        }
    }

    private static int Table(bool isSmoke) => RoutingBench.Run(isSmoke);

    private static int View(bool isSmoke) => ViewBench.RunAsync(isSmoke).GetAwaiter().GetResult();

    private static int Real(int nodes, TimeSpan quiet, uint seed) =>
        nodes >= 4 ? RealCluster.RunAsync(nodes, quiet, seed).GetAwaiter().GetResult() : Fail();

    private static uint Option(string[] rest, string name, uint otherwise)
    {
        var at = Array.IndexOf(rest, name);
        return at < 0 ? otherwise : at + 1 < rest.Length ? uint.Parse(rest[at + 1], CultureInfo.InvariantCulture) : throw new FormatException();
    }

    private static int Fail()
    {
        Console.Error.WriteLine(Usage);
        return 2;
    }
}
