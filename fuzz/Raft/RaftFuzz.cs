using System.Diagnostics;
using System.Globalization;
using Wetware.Core;

namespace Wetware.Fuzz.Raft;

/// <summary>Runs simulated clusters: one seed, a smoke run, a canary of planted bugs, or as many seeds as a time allows.</summary>
internal static class RaftFuzz
{
    private const long DefaultSteps = 200_000;

    public static int Run(string[] args)
    {
        var seed = Option(args, "--seed", (ulong)Random.Shared.NextInt64());
        var steps = (long)Option(args, "--steps", DefaultSteps);
        var isKnown = Enum.TryParse<Mutant>(Text(args, "--mutant") ?? "None", ignoreCase: true, out var mutant);
        if (!isKnown)
        {
            Console.Error.WriteLine("fuzz raft: unknown mutant; one of " + string.Join(", ", Enum.GetNames<Mutant>()));
            return 2;
        }

        return args.FirstOrDefault() switch
        {
            "smoke" => Smoke(seed, count: 20, steps: 30_000),
            "canary" => Canary(),
            "soak" => Soak(seed, TimeSpan.FromMinutes(Option(args, "--minutes", 10UL)), steps),
            _ => One(seed, steps, mutant, isVerbose: true) ? 0 : 1,
        };
    }

    private static bool One(ulong seed, long steps, Mutant mutant, bool isVerbose)
    {
        if (isVerbose)
        {
            Console.WriteLine($"seed {seed}, {steps} steps");
        }

        var (clock, simulation) = (Stopwatch.StartNew(), new Simulation(seed, mutant));
        try
        {
            simulation.Run(steps);
            simulation.Heal();
        }
        catch (Exception failure) when (failure is SimulationFailure or InvariantException)
        {
            Console.WriteLine(simulation.Options);
            Console.WriteLine($"FAILED after {simulation.Now / 1e6:0.000} s of virtual time: {failure.Message}\n{(failure is InvariantException ? failure.StackTrace : simulation.Describe())}");
            Console.WriteLine($"replay: dotnet run -c Release --project fuzz -- raft --seed {seed} --steps {steps}{(mutant == Mutant.None ? "" : $" --mutant {mutant}")}");
            return false;
        }

        if (isVerbose)
        {
            Report(simulation, clock.Elapsed);
        }

        return true;
    }

    private static void Report(Simulation simulation, TimeSpan took)
    {
        var elections = simulation.Oracles.Sum(oracle => oracle.Elections);
        var reads = simulation.Oracles.Sum(oracle => oracle.Reads);
        Console.WriteLine(simulation.Options);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"ok: {simulation.Now / 1e6:0} s of virtual time in {took.TotalSeconds:0.00} s ({simulation.Now / took.TotalMicroseconds:0} times real time), {elections} terms led, {simulation.Acknowledged} commands acknowledged, {reads} reads, {simulation.Crashes} crashes, hash {simulation.Hash:x16}"));
    }

    /// <summary>A number of seeds, the first of them twice: the same seed must give the same run.</summary>
    private static int Smoke(ulong seed, int count, long steps)
    {
        Console.WriteLine($"seeds {seed} to {seed + (ulong)count - 1}, {steps} steps each");
        var clock = Stopwatch.StartNew();
        for (var i = 0UL; i < (ulong)count; i++)
        {
            if (!One(seed + i, steps, Mutant.None, isVerbose: false))
            {
                return 1;
            }
        }

        var hashes = new ulong[2];
        for (var i = 0; i < hashes.Length; i++)
        {
            var simulation = new Simulation(seed);
            simulation.Run(steps);
            hashes[i] = simulation.Hash;
        }

        Console.WriteLine($"{count} seeds in {clock.Elapsed.TotalSeconds:0.0} s; same seed, same hash: {hashes[0] == hashes[1]}");
        return hashes[0] == hashes[1] ? 0 : 1;
    }

    /// <summary>Every planted bug must be found within some seeds; otherwise the simulator is blind.</summary>
    private static int Canary()
    {
        const int seedsMax = 1000;
        var survivors = 0;
        foreach (var mutant in Enum.GetValues<Mutant>().Where(mutant => mutant != Mutant.None))
        {
            var seed = 1UL;
            while (seed <= seedsMax && !IsKilled(mutant, seed, out var by))
            {
                seed++;
            }

            var isKilled = IsKilled(mutant, seed, out var reason);
            survivors += isKilled ? 0 : 1;
            Console.WriteLine(isKilled ? $"{mutant}: killed by seed {seed}: {reason}" : $"{mutant}: SURVIVED {seedsMax} seeds");
        }

        return survivors == 0 ? 0 : 1;
    }

    private static bool IsKilled(Mutant mutant, ulong seed, out string reason)
    {
        try
        {
            var simulation = new Simulation(seed, mutant);
            simulation.Run(100_000);
            simulation.Heal();
            reason = "";
            return false;
        }
        catch (Exception failure) when (failure is SimulationFailure or InvariantException)
        {
            reason = failure.Message.Split('\n')[0];
            return true;
        }
    }

    private static int Soak(ulong seed, TimeSpan time, long steps)
    {
        Console.WriteLine($"from seed {seed}, {steps} steps each, for {time.TotalMinutes} minutes");
        var (clock, count) = (Stopwatch.StartNew(), 0UL);
        for (; clock.Elapsed < time; count++)
        {
            if (!One(seed + count, steps, Mutant.None, isVerbose: false))
            {
                return 1;
            }
        }

        Console.WriteLine($"{count} seeds passed");
        return 0;
    }

    private static ulong Option(string[] args, string name, ulong otherwise) =>
        Text(args, name) is { } text && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    private static string? Text(string[] args, string name)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
    }
}
