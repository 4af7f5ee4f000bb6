using System.Diagnostics;
using System.Globalization;
using Wetware.Core;

namespace Wetware.Fuzz.Raft;

/// <summary>Runs simulated clusters: one seed, a smoke run, or as many seeds as a time allows.</summary>
internal static class RaftFuzz
{
    private const ulong DefaultSteps = 200_000;

    public static int Run(string[] args)
    {
        var seed = Option(args, "--seed", (ulong)Random.Shared.NextInt64());
        var steps = (long)Option(args, "--steps", DefaultSteps);
        var count = Option(args, "--count", 1);
        return args.FirstOrDefault() switch
        {
            "smoke" => Smoke(seed, count: 20, steps: 30_000),
            "soak" => Soak(seed, TimeSpan.FromMinutes(Option(args, "--minutes", 10)), steps),
            "canary" => Mutants.MutantFuzz.RunAll(),
            "failover" => Failover.Run(seed, count == 1 ? 10_000 : count),
            "speed" => Speed(seed, (int)Option(args, "--nodes", 5), count),
            _ => Several(seed, count, steps),
        };
    }

    /// <summary>Runs seeds until one fails; says which, after how many events and why, or null if none does. For code that is wrong on purpose.</summary>
    public static string? Hunt(ulong seed, ulong count, long steps)
    {
        for (var i = 0UL; i < count; i++)
        {
            Simulation? simulation = null;
            try
            {
                simulation = new Simulation(seed + i);
                simulation.Run(steps);
                simulation.Heal();
            }
#pragma warning disable CA1031 // Whatever a planted bug breaks, it is found.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                return string.Create(CultureInfo.InvariantCulture, $"seed {seed + i}, {simulation?.Agenda.Events ?? 0} events: {failure.GetType().Name}: {failure.Message.Split('\n')[0]}");
            }
        }

        return null;
    }

    private static int Several(ulong seed, ulong count, long steps)
    {
        for (var i = 0UL; i < count; i++)
        {
            if (!One(seed + i, steps, isVerbose: true))
            {
                return 1;
            }
        }

        return 0;
    }

    private static bool One(ulong seed, long steps, bool isVerbose)
    {
        if (isVerbose)
        {
            Console.WriteLine($"seed {seed}, {steps} steps");
        }

        var clock = Stopwatch.StartNew();
        Simulation? simulation = null;
        try
        {
            simulation = new Simulation(seed);
            simulation.Run(steps);
            simulation.Heal();
        }
        catch (Exception failure) when (failure is SimulationFailure or InvariantException)
        {
            Console.WriteLine(simulation?.Options);
            Console.WriteLine($"FAILED after {simulation?.Agenda.Now / 1e6:0.000} s of virtual time: {failure.Message}\n{(failure is InvariantException ? failure.StackTrace : simulation?.Describe())}");
            Console.WriteLine($"replay: dotnet run -c Release --project fuzz -- raft --seed {seed} --steps {steps}");
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
        var (now, faults) = (simulation.Agenda.Now, simulation.Faults);
        Console.WriteLine(simulation.Options);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"ok: {now / 1e6:0} s of virtual time in {took.TotalSeconds:0.00} s ({now / took.TotalMicroseconds:0} times real time), {elections} terms led, {simulation.Answered} operations answered, {reads} reads, {faults.Crashes} crashes, {faults.Deaths} stops by disks, {faults.Damages} disks damaged, {faults.Repairs} repaired by peers, {simulation.Nodes.Sum(node => node.ResumedTransfers)} snapshot transfers resumed, {faults.Replacements} empty disks in place of lost ones, {simulation.Sleeps} groups put to sleep, hash {simulation.Agenda.Hash:x16}"));
    }

    /// <summary>A number of seeds, the first of them twice: the same seed must give the same run.</summary>
    private static int Smoke(ulong seed, int count, long steps)
    {
        Console.WriteLine($"seeds {seed} to {seed + (ulong)count - 1}, {steps} steps each");
        var clock = Stopwatch.StartNew();
        for (var i = 0UL; i < (ulong)count; i++)
        {
            if (!One(seed + i, steps, isVerbose: false))
            {
                return 1;
            }
        }

        var hashes = new ulong[2];
        for (var i = 0; i < hashes.Length; i++)
        {
            var simulation = new Simulation(seed);
            simulation.Run(steps);
            hashes[i] = simulation.Agenda.Hash;
        }

        Console.WriteLine($"{count} seeds in {clock.Elapsed.TotalSeconds:0.0} s; same seed, same hash: {hashes[0] == hashes[1]}");
        return hashes[0] == hashes[1] ? 0 : 1;
    }

    private static int Soak(ulong seed, TimeSpan time, long steps)
    {
        Console.WriteLine($"from seed {seed}, {steps} steps each, for {time.TotalMinutes} minutes");
        var (clock, count) = (Stopwatch.StartNew(), 0UL);
        for (; clock.Elapsed < time; count++)
        {
            if (!One(seed + count, steps, isVerbose: false))
            {
                return 1;
            }
        }

        Console.WriteLine($"{count} seeds passed");
        return 0;
    }

    /// <summary>How much faster than real time worlds of one size run, each a minute of processor time at most, faults and clients as drawn.</summary>
    private static int Speed(ulong seed, int nodes, ulong count)
    {
        var (clock, virtualMicros) = (new Stopwatch(), 0L);
        for (var i = 0UL; i < count; i++)
        {
            var random = new Prng(seed + i);
            var options = SimulationOptions.Draw(ref random) with { Nodes = nodes, Voters = nodes, Groups = 1 };
            clock.Start();
            var simulation = new Simulation(seed + i, options);
            simulation.Run((long)DefaultSteps);
            simulation.Heal();
            clock.Stop();
            virtualMicros += simulation.Agenda.Now;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} seeds from {seed}, {nodes} nodes, one group: {virtualMicros / 1e6:0} s of virtual time in {clock.Elapsed.TotalSeconds:0.0} s, {virtualMicros / clock.Elapsed.TotalMicroseconds:0} times real time"));
        return 0;
    }

    private static ulong Option(string[] args, string name, ulong otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length && ulong.TryParse(args[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
    }
}
