using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;

namespace Wetware.Tooling;

/// <summary>Chooses among the areas of a tool, and runs the smoke runs of all.</summary>
internal static class Areas
{
    private const int UsageExitCode = 2;

    /// <summary>Runs what the arguments ask for; returns the exit code: 0 if all went well, 2 if the arguments make no sense.</summary>
    public static int Run(string description, Area[] areas, string[] args)
    {
        var root = new RootCommand(description);
        foreach (var area in areas)
        {
            root.Add(area.Command);
        }

        var smoke = new Command("smoke", "A few seconds of each area, for CI.");
        smoke.SetAction(_ => Smoke(root, areas));
        root.Add(smoke);
        if (args.Length > 0)
        {
            return Run(root, root.Parse(args));
        }

        root.Parse("--help").Invoke();
        return UsageExitCode;
    }

    private static int Run(RootCommand root, ParseResult parsed)
    {
        if (parsed.Errors.Count == 0)
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }

        Console.Error.WriteLine($"{root.Name}: {Trouble(parsed)}");
        Console.Error.WriteLine($"try: {Path(parsed.CommandResult)} --help");
        return UsageExitCode;
    }

    // What nobody understands is the trouble, not what was then found to be missing. In one line.
    private static string Trouble(ParseResult parsed) => parsed.UnmatchedTokens is [var unknown, ..]
        ? $"there is no '{unknown}' here"
        : string.Join(' ', parsed.Errors[0].Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Path(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{Path(parent)} {result.Command.Name}" : result.Command.Name;

    private static int Smoke(RootCommand root, Area[] areas)
    {
        var failed = 0;
        foreach (var (area, line) in areas.SelectMany(area => area.Smoke.Select(line => (area, line))))
        {
            Console.WriteLine($"-- {root.Name} {area.Command.Name} {line}");
            var clock = Stopwatch.StartNew();
            var code = Run(root, root.Parse($"{area.Command.Name} {line}"));
            Console.WriteLine($"-- {area.Command.Name}: {(code == 0 ? "ok" : $"exit code {code}")} in {clock.Elapsed.TotalSeconds:0.0} s");
            failed += code == 0 ? 0 : 1;
        }

        return failed == 0 ? 0 : 1;
    }
}
