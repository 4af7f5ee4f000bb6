using System.Diagnostics;

namespace Wetware.Tooling;

/// <summary>Chooses among the areas, and runs the smoke runs of all.</summary>
internal static class Areas
{
    public static int Run(string program, Area[] areas, string[] args)
    {
        if (args.Length == 0 || args[0] is "-h" or "--help" or "help")
        {
            Help(program, areas);
            return args.Length == 0 ? 2 : 0;
        }

        if (args[0] == "smoke")
        {
            return Smoke(program, areas);
        }

        foreach (var area in areas)
        {
            if (area.Name == args[0])
            {
                return area.Run(args[1..]);
            }
        }

        Console.Error.WriteLine($"{program}: unknown area '{args[0]}'; try '{program} --help'");
        return 2;
    }

    private static void Help(string program, Area[] areas)
    {
        Console.WriteLine($"usage: {program} AREA [ARGUMENTS] | {program} smoke\n");
        foreach (var area in areas)
        {
            Console.WriteLine($"  {area.Name,-12} {area.Help}");
        }

        Console.WriteLine($"  {"smoke",-12} a few seconds of each, for CI");
    }

    private static int Smoke(string program, Area[] areas)
    {
        var failed = 0;
        foreach (var area in areas.Where(area => area.Smoke is not null))
        {
            Console.WriteLine($"-- {program} {area.Name} {string.Join(' ', area.Smoke!)}");
            var clock = Stopwatch.StartNew();
            var code = area.Run(area.Smoke!);
            Console.WriteLine($"-- {area.Name}: {(code == 0 ? "ok" : $"exit code {code}")} in {clock.Elapsed.TotalSeconds:0.0} s");
            failed += code == 0 ? 0 : 1;
        }

        return failed == 0 ? 0 : 1;
    }
}
