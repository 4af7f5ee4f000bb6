using System.Diagnostics;
using System.Globalization;
using Wetware.Fuzz.Raft;

namespace Wetware.Fuzz.Mutants;

/// <summary>Plants bugs, one at a time, and runs simulated clusters of the changed code until one of them notices. All must be found.</summary>
internal static class MutantFuzz
{
    /// <summary>Seeds that a mutant may live through, and events of each.</summary>
    private const ulong SeedsMax = 1000;

    private const long Steps = 100_000;

    public static int Run(string[] args)
    {
        try
        {
            return args.FirstOrDefault() switch
            {
                "list" => List(),
                "smoke" => Hunt(Catalogue.All.Where(mutant => mutant.Name is "ack-before-sync" or "commit-of-prior-term" or "no-sync")),
                null => Hunt(Catalogue.All),
                var name => Hunt([Catalogue.All.FirstOrDefault(mutant => mutant.Name == name) ?? throw new MutantException($"there is no mutant '{name}'; try 'fuzz mutants list'")]),
            };
        }
        catch (MutantException failure)
        {
            Console.Error.WriteLine("fuzz mutants: " + failure.Message);
            return 1;
        }
    }

    private static int List()
    {
        foreach (var mutant in Catalogue.All)
        {
            _ = MutantCompiler.Apply(mutant);
            Console.WriteLine($"{mutant.Name,-34} {mutant.File}");
        }

        return 0;
    }

    private static int Hunt(IEnumerable<Mutant> mutants)
    {
        Array.ForEach(Catalogue.All, mutant => MutantCompiler.Apply(mutant));
        var survivors = 0;
        foreach (var mutant in mutants)
        {
            var clock = Stopwatch.StartNew();
            var context = new MutantContext("Wetware." + mutant.Project, MutantCompiler.Compile(mutant));
            var run = context.LoadFromAssemblyName(new("fuzz")).GetType(typeof(RaftFuzz).FullName!)!.GetMethod(nameof(RaftFuzz.Hunt))!;
            var found = (string?)run.Invoke(null, [1UL, SeedsMax, Steps]);
            survivors += found is null ? 1 : 0;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{mutant.Name,-34} {found ?? $"SURVIVED {SeedsMax} seeds"} ({clock.Elapsed.TotalSeconds:0.0} s)"));
        }

        return survivors == 0 ? 0 : 1;
    }
}
