using System.CommandLine;
using Wetware.Tooling;

namespace Wetware.Fuzz.Rpc;

/// <summary>The two fuzzers of the RPC protocol: what vats do, and what they are sent.</summary>
internal static class RpcFuzz
{
    private const int SessionsDefault = 300;
    private const int CanaryCases = 200;
    private const int CasesDefault = 20_000;

    public static Command Command() => new("rpc", "Vats over simulated lines, and mutated messages.") { Vats(), Frames() };

    private static Command Vats()
    {
        var (seed, canary) = (new SeedOption(), new CanaryOption());
        var cases = new CountOption("--cases", CasesDefault, $"How many schedules; {CanaryCases} for the canary.");
        var steps = new Option<string>("--steps") { Description = "Only these steps of a schedule, separated by commas, as a failing run prints them." };
        steps.Validators.Add(result =>
        {
            if (result.Tokens is [var list] && StepsOf(list.Value) is null)
            {
                result.AddError($"--steps {list.Value} is no list of numbers");
            }
        });
        var command = new Command("vats", "Two and three vats through random schedules, with and without a line that is cut.") { seed, cases, steps, canary };
        command.SetAction(parsed =>
        {
            var isCanary = parsed.GetValue(canary);
            var count = isCanary && parsed.GetResult(cases)!.Implicit ? CanaryCases : parsed.GetValue(cases);
            return VatFuzz.Run(seed.Of(parsed), (ulong)count, isCanary, parsed.GetValue(steps) is { } list ? StepsOf(list) : null);
        });
        return command;
    }

    private static Command Frames()
    {
        var seed = new SeedOption();
        var sessions = new CountOption("--sessions", SessionsDefault, "How many connections are sent mutated messages.");
        var command = new Command("frames", "Mutated messages to a vat over memory.") { seed, sessions };
        command.SetAction(parsed => FrameFuzz.Run(seed.Of(parsed), (ulong)parsed.GetValue(sessions)));
        return command;
    }

    private static List<int>? StepsOf(string list)
    {
        var steps = new List<int>();
        foreach (var text in list.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var step))
            {
                return null;
            }

            steps.Add(step);
        }

        return steps;
    }
}
