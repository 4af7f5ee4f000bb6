using System.CommandLine;
using Wetware.Fuzz.Membership;
using Wetware.Tooling;

namespace Wetware.Fuzz;

/// <summary>The command of the simulated memberships, apart from them because tests and benchmarks run them too.</summary>
internal static class MembershipArea
{
    private const int NodesDefault = 100;
    private const int NodesMin = 3;

    public static Command Command()
    {
        var seed = new SeedOption();
        var nodes = new CountOption("--nodes", NodesDefault, "How many nodes, 3 or more.", NodesMin);
        var scenario = new Option<string>("--scenario") { Description = "Only one of them.", DefaultValueFactory = _ => "" }.AcceptOnlyFromAmong(Scenarios.Names);
        var command = new Command("membership", "Clusters of 10 to 10,000 nodes in virtual time.") { seed, nodes, scenario };
        command.SetAction(parsed => MembershipFuzz.Run(seed.Of(parsed), parsed.GetValue(nodes), parsed.GetValue(scenario)!));
        return command;
    }
}
