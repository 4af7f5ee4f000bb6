using System.Diagnostics;
using System.Globalization;
using Wetware.Core;

namespace Wetware.Fuzz.Queue;

/// <summary>
/// Three replicas of the queue machine get the same commands, some of them damaged; now and then one is replaced by a snapshot of another.
/// Their replies and digests must stay equal and their counts must add up. With --canary one replica gets one other command, which
/// must be found.
/// </summary>
internal static class QueueFuzz
{
    private const int CommandsPerRun = 2000;

    public static int Run(string[] args)
    {
        var isSmoke = args.Contains("--smoke");
        var isCanary = args.Contains("--canary");
        var seed = Option(args, "--seed") ?? (ulong)Random.Shared.NextInt64();
        var runs = Option(args, "--runs") ?? (isSmoke ? 20UL : 1000);
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
        return isSmoke ? Run(["--canary", "--runs", "5", "--seed", seed.ToString(CultureInfo.InvariantCulture)]) : 0;
    }

    private static ulong? Option(string[] args, string name)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? ulong.Parse(args[at + 1], CultureInfo.InvariantCulture) : null;
    }
}
