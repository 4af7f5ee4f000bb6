using System.CommandLine;
using Wetware.Tooling;

namespace Wetware.Bench.Membership;

/// <summary>The routing table alone, its view over TCP, and clusters of real nodes.</summary>
internal static class MembershipBench
{
    private const int NodesMin = 4;
    private static readonly int s_waveNodes = Environment.ProcessorCount * 2;

    public static Command Command()
    {
        var smoke = new SmokeOption();
        var real = new CountOption("--real", 0, "So many nodes as processes on loopback: full view, false deaths, one killed, one stopped, one back; about 100 MB a node.", NodesMin);
        var atOnce = new CountOption("--at-once", s_waveNodes, "With --real: how many nodes are started at a time.", 1);
        var quiet = new CountOption("--quiet", 30, "With --real: for how many seconds nothing happens, in which nobody may be declared dead.");
        var seed = new CountOption("--seed", 1, "With --real: draws who is killed and who is stopped.");
        var command = new Command("membership", "The routing table with bytes; its view over TCP and TLS; clusters in virtual time; nodes as processes.")
        {
            smoke, real, atOnce, quiet, seed,
            Part("table", "The routing table alone, one thread.", Table),
            Part("view", "Queries of a million records in another process, over TCP and TLS.", View),
            ViewOfProcess(),
            Node(),
        };
        command.SetAction(parsed => parsed.GetValue(real) is var nodes and > 0
            ? Real(nodes, parsed.GetValue(atOnce), TimeSpan.FromSeconds(parsed.GetValue(quiet)), (ulong)parsed.GetValue(seed))
            : All(parsed.GetValue(smoke)));
        return command;
    }

    private static Command Part(string name, string description, Func<bool, int> run) => SmokeOption.Command(name, description, run);

    private static Command ViewOfProcess()
    {
        var count = new Argument<int>("records");
        var command = new Command("view-process", "The process that serves the view.") { count };
        command.Hidden = true;
        command.SetAction(parsed => ViewProcess.RunAsync(parsed.GetValue(count)));
        return command;
    }

    private static Command Node()
    {
        var folder = new Argument<string>("folder");
        var join = new Argument<string[]>("join");
        var command = new Command("real-node", "One of the nodes.") { folder, join };
        command.Hidden = true;
        command.SetAction(parsed => RealNode.RunAsync(parsed.GetValue(folder)!, parsed.GetValue(join)!));
        return command;
    }

    private static int All(bool isSmoke) => Table(isSmoke) | View(isSmoke) | (isSmoke ? Real(NodesMin, s_waveNodes, TimeSpan.FromSeconds(2), 1) : 0);

    private static int Table(bool isSmoke) => RoutingBench.Run(isSmoke);

    private static int View(bool isSmoke) => ViewBench.RunAsync(isSmoke).GetAwaiter().GetResult();

    private static int Real(int nodes, int atOnce, TimeSpan quiet, ulong seed) => RealCluster.RunAsync(nodes, atOnce, quiet, seed).GetAwaiter().GetResult();
}
