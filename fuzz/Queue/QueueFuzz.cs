using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Wetware.Core;
using Wetware.Tooling;

namespace Wetware.Fuzz.Queue;

/// <summary>
/// Three replicas of the queue machine get the same commands, some of them damaged; now and then one is replaced by a snapshot of another.
/// Their replies and digests must stay equal and their counts must add up. With --canary one replica gets one other command, which
/// must be found.
/// </summary>
internal static class QueueFuzz
{
    private const int CommandsPerRun = 2000;

    public static Command Command()
    {
        var seed = new SeedOption();
        var runs = new CountOption("--runs", 1000, $"How many times {CommandsPerRun} commands are applied.");
        var canary = new CanaryOption();
        var command = new Command("queue", "Three replicas of the queue machine, damaged commands and snapshots: the replicas must stay equal.") { seed, runs, canary };
        command.SetAction(parsed => Run(seed.Of(parsed), (ulong)parsed.GetValue(runs), parsed.GetValue(canary)));
        return command;
    }

    private static int Run(ulong seed, ulong runs, bool isCanary)
    {
        Console.WriteLine($"fuzz queue --seed {seed} --runs {runs}{(isCanary ? " --canary" : "")}");
        var clock = Stopwatch.StartNew();
        for (var run = 0UL; run < runs; run++)
        {
            var trouble = new QueueRun(seed + run, isCanary).Go(CommandsPerRun);
            if (trouble is null)
            {
                continue;
            }

            if (isCanary)
            {
                Console.WriteLine($"the canary died as it should: {trouble}");
                return 0;
            }

            Console.WriteLine($"FAILED: {trouble}\nreplay: dotnet run -c Release --project fuzz -- queue --seed {seed + run} --runs 1");
            return 1;
        }

        if (isCanary)
        {
            Console.WriteLine("FAILED: the canary lives");
            return 1;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{runs * CommandsPerRun} commands on three replicas, all equal, in {clock.Elapsed.TotalSeconds:0.0} s"));
        return 0;
    }
}
