using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Wetware.Fuzz.Raft;
using Wetware.Tooling;

namespace Wetware.Fuzz.Mutants;

/// <summary>Plants bugs, one at a time, and runs simulated clusters of the changed code until one of them notices. All must be found.</summary>
internal static class MutantFuzz
{
    /// <summary>Seeds that a mutant may live through, and events of each.</summary>
    private const int SeedsDefault = 400;

    private const long Steps = 100_000;

    public static Command Command()
    {
        var names = new Argument<string[]>("name") { Description = "Which to plant: names that 'list' prints, 'smoke' for three that are found soon, all if absent." };
        var seed = new Option<ulong>("--seed") { Description = "The first seed." };
        var seeds = new CountOption("--seeds", SeedsDefault, "How many seeds one may live through.");
        var command = new Command("mutants", "Planted bugs, which the simulated clusters must find.") { names, seed, seeds };
        command.SetAction(parsed => Run(parsed.GetValue(names)!, parsed.GetValue(seed), (ulong)parsed.GetValue(seeds)));
        return command;
    }

    /// <summary>Plants all of them.</summary>
    public static int RunAll() => Run([], seed: 0, SeedsDefault);

    private static int Run(string[] names, ulong seed, ulong seeds)
    {
        try
        {
            return names.FirstOrDefault() switch
            {
                "list" => List(),
                "smoke" => Hunt(Catalogue.All.Where(mutant => mutant.Name is "ack-before-sync" or "no-sync" or "retry-counts-twice"), seed, seeds),
                null => Hunt(Catalogue.All, seed, seeds),
                _ => Hunt(names.Select(Find), seed, seeds),
            };
        }
        catch (MutantException failure)
        {
            Console.Error.WriteLine("fuzz mutants: " + failure.Message);
            return 1;
        }
    }

    private static Mutant Find(string name) =>
        Array.Find(Catalogue.All, mutant => mutant.Name == name) ?? throw new MutantException($"there is no mutant '{name}'; try 'fuzz mutants list'");

    private static int List()
    {
        foreach (var mutant in Catalogue.All)
        {
            _ = MutantCompiler.Apply(mutant);
            Console.WriteLine($"{mutant.Name,-34} {mutant.File}");
        }

        return 0;
    }

    private static int Hunt(IEnumerable<Mutant> mutants, ulong seed, ulong seeds)
    {
        Array.ForEach(Catalogue.All, mutant => MutantCompiler.Apply(mutant));
        var survivors = 0;
        foreach (var mutant in mutants)
        {
            var clock = Stopwatch.StartNew();
            var context = new MutantContext("Wetware." + mutant.Project, MutantCompiler.Compile(mutant));
            var run = context.LoadFromAssemblyName(typeof(RaftHunt).Assembly.GetName()).GetType(typeof(RaftHunt).FullName!)!.GetMethod(nameof(RaftHunt.Run))!;
            var found = (string?)run.Invoke(null, [seed == 0 ? mutant.Seed : seed, seeds, Steps]);
            survivors += found is null ? 1 : 0;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{mutant.Name,-34} {found ?? $"SURVIVED {seeds} seeds"} ({clock.Elapsed.TotalSeconds:0.0} s)"));
        }

        return survivors == 0 ? 0 : 1;
    }
}
