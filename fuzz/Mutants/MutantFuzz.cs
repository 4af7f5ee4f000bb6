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

    private const ulong SeedDefault = 1;
    private const long Steps = 100_000;

    public static Command Command()
    {
        var names = new Argument<string[]>("name") { Description = "Which to plant: names that 'list' prints, 'smoke' for three that are found soon, all if absent." };
        var seed = new Option<ulong>("--seed") { Description = "The first seed.", DefaultValueFactory = _ => SeedDefault };
        var seeds = new CountOption("--seeds", SeedsDefault, "How many seeds one may live through.");
        var table = new Option<bool>("--table") { Description = "Prints the rows of docs/mutants.md." };
        var command = new Command("mutants", "Planted bugs, which the simulated clusters must find.") { names, seed, seeds, table };
        command.SetAction(parsed => Run(parsed.GetValue(names)!, parsed.GetValue(seed), (ulong)parsed.GetValue(seeds), parsed.GetValue(table)));
        return command;
    }

    /// <summary>Plants all of them.</summary>
    public static int RunAll() => Run([], SeedDefault, SeedsDefault, isTable: false);

    private static int Run(string[] names, ulong seed, ulong seeds, bool isTable)
    {
        try
        {
            return names.FirstOrDefault() switch
            {
                "list" => List(),
                "smoke" => Hunt(Catalogue.All.Where(mutant => mutant.Name is "ack-before-sync" or "no-sync" or "retry-counts-twice"), seed, seeds, isTable),
                null => Hunt(Catalogue.All, seed, seeds, isTable),
                _ => Hunt(names.Select(Find), seed, seeds, isTable),
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
            _ = mutant.Apply(Sources.Root());
            Console.WriteLine($"{mutant.Name,-34} {mutant.File}");
        }

        return 0;
    }

    private static int Hunt(IEnumerable<Mutant> mutants, ulong seed, ulong seeds, bool isTable)
    {
        Array.ForEach(Catalogue.All, mutant => mutant.Apply(Sources.Root()));
        var survivors = 0;
        foreach (var mutant in mutants)
        {
            var clock = Stopwatch.StartNew();
            var found = Hunt(mutant, seed, seeds);
            survivors += found is null ? 1 : 0;
            Console.WriteLine(isTable ? Row(mutant, found) : Line(mutant, found, seeds, clock.Elapsed));
        }

        return survivors == 0 ? 0 : 1;
    }

    private static (ulong Seed, long Events, string Reason)? Hunt(Mutant mutant, ulong seed, ulong seeds)
    {
        var context = new MutantContext("Wetware." + mutant.Project, MutantCompiler.Compile(mutant));
        var copy = context.LoadFromAssemblyName(typeof(RaftHunt).Assembly.GetName());
        return ((ulong, long, string)?)copy.GetType(typeof(RaftHunt).FullName!)!.GetMethod(nameof(RaftHunt.Run))!.Invoke(null, [(int)mutant.World, seed, seeds, Steps]);
    }

    private static string Line(Mutant mutant, (ulong Seed, long Events, string Reason)? found, ulong seeds, TimeSpan took)
    {
        var outcome = found is var (seed, events, reason) ? $"seed {seed}, {events} events: {reason}" : $"SURVIVED {seeds} seeds";
        return string.Create(CultureInfo.InvariantCulture, $"{mutant.Name,-34} {outcome} ({took.TotalSeconds:0.0} s)");
    }

    private static string Row(Mutant mutant, (ulong Seed, long Events, string Reason)? found)
    {
        var outcome = found is var (seed, events, reason)
            ? string.Create(CultureInfo.InvariantCulture, $"{seed} | {events:#,0} | {reason.Replace("|", "\\|", StringComparison.Ordinal)}")
            : "SURVIVED | |";
        return $"| {mutant.Name} | {mutant.File} | {mutant.World} | {outcome} |";
    }
}
