using System.CommandLine;
using Wetware.Fuzz.Log;
using Wetware.Tooling;

namespace Wetware.Fuzz;

/// <summary>The command of the log's fuzzer, apart from it because tests run the fuzzer too.</summary>
internal static class LogArea
{
    public static Command Command()
    {
        var seed = new SeedOption();
        var cases = new CountOption("--cases", 20_000, "How many logs are written, broken and recovered.");
        var command = new Command("log", "The write-ahead log on a disk that misbehaves: nothing acknowledged may be lost silently.") { seed, cases };
        command.SetAction(parsed => LogFuzz.Run(seed.Of(parsed), (ulong)parsed.GetValue(cases)));
        return command;
    }
}
