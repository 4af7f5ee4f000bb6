using System.Diagnostics;
using System.Globalization;
using Wetware.Fuzz.Raft;

namespace Wetware.Fuzz.Mutants;

/// <summary>Plants bugs, one at a time, and runs simulated clusters of the changed code until one of them notices. All must be found.</summary>
internal static class MutantFuzz
{
    /// <summary>Seeds that a mutant may live through, and events of each.</summary>
    private const ulong SeedsDefault = 400;

    private const long Steps = 100_000;

    public static int Run(string[] args)
    {
        var (seed, seeds) = (Option(args, "--seed", 0), Option(args, "--seeds", SeedsDefault));
        try
        {
            var names = args.TakeWhile(arg => arg[0] != '-').ToArray();
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

    private static ulong Option(string[] args, string name, ulong otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length && ulong.TryParse(args[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
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
            var run = context.LoadFromAssemblyName(new("fuzz")).GetType(typeof(RaftFuzz).FullName!)!.GetMethod(nameof(RaftFuzz.Hunt))!;
            var found = (string?)run.Invoke(null, [seed == 0 ? mutant.Seed : seed, seeds, Steps]);
            survivors += found is null ? 1 : 0;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{mutant.Name,-34} {found ?? $"SURVIVED {seeds} seeds"} ({clock.Elapsed.TotalSeconds:0.0} s)"));
        }

        return survivors == 0 ? 0 : 1;
    }
}
