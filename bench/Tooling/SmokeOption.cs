using System.CommandLine;

namespace Wetware.Tooling;

/// <summary>Asks for a run of a few seconds, which proves that the benchmark works and measures nothing.</summary>
internal sealed class SmokeOption : Option<bool>
{
    /// <summary>Makes the option <c>--smoke</c>.</summary>
    public SmokeOption()
        : base("--smoke") => Description = "A few seconds, which prove that it works; the figures are not to be quoted.";

    /// <summary>A benchmark that takes no other option.</summary>
    public static Command Command(string name, string description, Func<bool, int> run)
    {
        var smoke = new SmokeOption();
        var command = new Command(name, description) { smoke };
        command.SetAction(parsed => run(parsed.GetValue(smoke)));
        return command;
    }
}
