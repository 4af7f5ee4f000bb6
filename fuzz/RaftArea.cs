using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Wetware.Core;
using Wetware.Fuzz.Raft;
using Wetware.Tooling;

namespace Wetware.Fuzz;

/// <summary>Runs simulated clusters: some seeds, a smoke run, or as many seeds as a time allows. Apart from them because benchmarks run them too.</summary>
internal static class RaftArea
{
    private const int StepsDefault = 200_000;
    private const int SmokeSeeds = 20;
    private const int SmokeSteps = 30_000;
    private const int FailoverSeeds = 10_000;

    public static Command Command()
    {
        var seed = new SeedOption { Recursive = true };
        var (steps, count, world) = (Steps(), Count(1), Kind());
        var command = new Command("raft", "Clusters under faults in virtual time.") { seed, steps, count, world };
        command.SetAction(parsed => Several(parsed.GetValue(world), seed.Of(parsed), (ulong)parsed.GetValue(count), parsed.GetValue(steps)));
        command.Add(Soak(seed));
        command.Add(Speed(seed));
        command.Add(Failovers(seed));
        var smoke = new Command("smoke", $"{SmokeSeeds} seeds of {SmokeSteps} events, the first of them twice more.");
        smoke.SetAction(parsed => Smoke(seed.Of(parsed)));
        command.Add(smoke);
        var canary = new Command("canary", "The same as 'mutants': planted bugs, which must be found.");
        canary.SetAction(_ => Mutants.MutantFuzz.RunAll());
        command.Add(canary);
        return command;
    }

    private static CountOption Steps() => new("--steps", StepsDefault, "Events of each seed, those of the healing not counted.");

    private static Option<World> Kind() => new("--world") { Description = "Of what kind the worlds are.", DefaultValueFactory = _ => World.Any };

    private static CountOption Count(int otherwise) => new("--count", otherwise, "How many seeds.", min: 1);

    private static Command Soak(SeedOption seed)
    {
        var (minutes, steps, world) = (new MinutesOption(10), Steps(), Kind());
        var command = new Command("soak", "Seed after seed for a time.") { minutes, steps, world };
        command.SetAction(parsed => Soak(parsed.GetValue(world), seed.Of(parsed), TimeSpan.FromMinutes(parsed.GetValue(minutes)), parsed.GetValue(steps)));
        return command;
    }

    private static Command Speed(SeedOption seed)
    {
        var (nodes, count) = (new CountOption("--nodes", 5, "How many nodes, 1 or more.", min: 1), Count(1));
        var command = new Command("speed", "How much faster than real time worlds of one size run, faults and clients as drawn.") { nodes, count };
        command.SetAction(parsed => Speed(seed.Of(parsed), parsed.GetValue(nodes), (ulong)parsed.GetValue(count)));
        return command;
    }

    private static Command Failovers(SeedOption seed)
    {
        var count = Count(FailoverSeeds);
        var command = new Command("failover", "How long a cluster commits nothing after its leader has crashed, one crash a seed.") { count };
        command.SetAction(parsed => Failovers(seed.Of(parsed), parsed.GetValue(count)));
        return command;
    }

    private static int Several(World kind, ulong seed, ulong count, long steps)
    {
        for (var i = 0UL; i < count; i++)
        {
            if (!One(kind, seed + i, steps, isVerbose: true))
            {
                return 1;
            }
        }

        return 0;
    }

    private static bool One(World kind, ulong seed, long steps, bool isVerbose)
    {
        if (isVerbose)
        {
            Console.WriteLine($"seed {seed}, {steps} steps");
        }

        var clock = Stopwatch.StartNew();
        Simulation? simulation = null;
        try
        {
            simulation = new Simulation(seed, kind: kind);
            simulation.Run(steps);
            simulation.Heal();
        }
#pragma warning disable CA1031 // Whatever stops a run is found, and must say how to find it again.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Console.WriteLine(simulation?.Options);
            Console.WriteLine($"FAILED after {simulation?.Agenda.Now / 1e6:0.000} s of virtual time: {(failure is SimulationFailure ? failure.Message : failure)}\n{simulation?.Describe()}");
            Console.WriteLine($"replay: dotnet run -c Release --project fuzz -- raft --seed {seed} --steps {steps}{(kind == World.Any ? "" : $" --world {kind}")}");
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
    private static int Smoke(ulong seed)
    {
        Console.WriteLine($"seeds {seed} to {seed + SmokeSeeds - 1}, {SmokeSteps} steps each");
        var clock = Stopwatch.StartNew();
        for (var i = 0UL; i < SmokeSeeds; i++)
        {
            if (!One(World.Any, seed + i, SmokeSteps, isVerbose: false))
            {
                return 1;
            }
        }

        var hashes = new ulong[2];
        for (var i = 0; i < hashes.Length; i++)
        {
            var simulation = new Simulation(seed);
            simulation.Run(SmokeSteps);
            hashes[i] = simulation.Agenda.Hash;
        }

        Console.WriteLine($"{SmokeSeeds} seeds in {clock.Elapsed.TotalSeconds:0.0} s; same seed, same hash: {hashes[0] == hashes[1]}");
        return hashes[0] == hashes[1] ? 0 : 1;
    }

    private static int Soak(World kind, ulong seed, TimeSpan time, long steps)
    {
        Console.WriteLine($"from seed {seed}, {steps} steps each, for {time.TotalMinutes} minutes");
        var (clock, count) = (Stopwatch.StartNew(), 0UL);
        for (; clock.Elapsed < time; count++)
        {
            if (!One(kind, seed + count, steps, isVerbose: false))
            {
                return 1;
            }
        }

        Console.WriteLine($"{count} seeds passed");
        return 0;
    }

    private static int Speed(ulong seed, int nodes, ulong count)
    {
        var (clock, virtualMicros) = (new Stopwatch(), 0L);
        for (var i = 0UL; i < count; i++)
        {
            var random = new Prng(seed + i);
            var drawn = SimulationOptions.Draw(ref random);
            var hasWitness = drawn.Witness != NodeId.None && nodes > 2;
            var options = drawn with { Nodes = nodes, Voters = nodes, Groups = 1, Witness = hasWitness ? new((ulong)nodes) : NodeId.None };
            clock.Start();
            var simulation = new Simulation(seed + i, options);
            simulation.Run(StepsDefault);
            simulation.Heal();
            clock.Stop();
            virtualMicros += simulation.Agenda.Now;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} seeds from {seed}, {nodes} nodes, one group: {virtualMicros / 1e6:0} s of virtual time in {clock.Elapsed.TotalSeconds:0.0} s, {virtualMicros / clock.Elapsed.TotalMicroseconds:0} times real time"));
        return 0;
    }

    private static int Failovers(ulong seed, int count)
    {
        var figures = Failover.Measure(seed, count);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"leader's crash to first commit of another, {Failover.Nodes} nodes, {count} seeds from {seed}, in election timeouts: p50 {figures.At(0.5):0.00}, p90 {figures.At(0.9):0.00}, p99 {figures.At(0.99):0.00}, worst {figures.At(1):0.00}"));
        return figures.At(0.99) <= Failover.Goal ? 0 : 1;
    }
}
