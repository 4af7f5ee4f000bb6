using System.CommandLine;
using System.CommandLine.Parsing;

namespace Wetware.Cli;

/// <summary>Options that several commands take, with their environment variables and defaults.</summary>
internal static class SharedOptions
{
    /// <summary>Where a node listens, and a client looks for one, unless told otherwise.</summary>
    public const string DefaultAddress = "/ip4/127.0.0.1/tcp/8822";

    public static Option<string[]> Join(bool client) => new("--join", "-j")
    {
        Description = client
            ? $"Multiaddr of a node to talk to; repeat to try several. [env: WW_JOIN]"
            : "Multiaddr of a peer to meet; repeat for several. Without any, a new data folder founds a new cluster. [env: WW_JOIN]",
        HelpName = "multiaddr",
        DefaultValueFactory = _ => FromEnvironment("WW_JOIN", client ? [DefaultAddress] : []),
    };

    public static Option<bool> Json() => new("--json") { Description = "Print JSON, one object per line." };

    public static Option<TimeSpan> Timeout() => new("--timeout")
    {
        Description = "How long to wait for a node to answer.",
        HelpName = "seconds",
        CustomParser = Seconds,
        DefaultValueFactory = _ => TimeSpan.FromSeconds(15),
    };

    public static string[] FromEnvironment(string name, string[] otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
            ? value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : otherwise;

    private static TimeSpan Seconds(ArgumentResult result)
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        if (double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 86_400)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        result.AddError($"--timeout takes seconds between 0 and 86400, not '{text}'.");
        return default;
    }
}
