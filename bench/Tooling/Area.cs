using System.CommandLine;

namespace Wetware.Tooling;

/// <summary>One subject of a tool: a subcommand with its options.</summary>
/// <param name="Command">The subcommand, with its options and its action.</param>
/// <param name="Smoke">The arguments of runs of a few seconds that prove that the area still works, each a line; may be none.</param>
internal sealed record Area(Command Command, params string[] Smoke)
{
    /// <summary>An area that reads its arguments itself.</summary>
    public Area(string name, string help, Func<string[], int> run, string[]? smoke)
        : this(Raw(name, help, run), smoke is null ? [] : [string.Join(' ', smoke)])
    {
    }

    private static Command Raw(string name, string help, Func<string[], int> run)
    {
        var command = new Command(name, help) { TreatUnmatchedTokensAsErrors = false };
        command.SetAction(parsed => run([.. parsed.UnmatchedTokens]));
        return command;
    }
}
