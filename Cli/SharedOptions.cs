using System.CommandLine;
using System.Globalization;
using Wetware.Membership.Boot;

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

    /// <summary>Where to look for peers; the usual place if the option stands without a value.</summary>
    public static Option<string[]> Discover(string description) => new("--discover")
    {
        Description = description
            + " A multicast group (/ip4/228.8.8.8/udp/8822/multicast/lo), a network (/ip4/10.0.1.0/udp/8822/cidr/24), a port, 0 for any (/ip4/127.0.0.1/udp/0), or a peer; repeat for several. [env: WW_DISCOVER]",
        HelpName = "multiaddr",
        Arity = ArgumentArity.ZeroOrMore,
        CustomParser = result => result.Tokens.Count > 0 ? [.. result.Tokens.Select(token => token.Value)] : [BootTarget.Default],
        DefaultValueFactory = _ => FromEnvironment("WW_DISCOVER", []),
    };

    public static Option<bool> Insecure() => new("--insecure")
    {
        Description = "Speak plain text: nothing is encrypted, and nobody proves who they are. All nodes and clients of a cluster must agree.",
    };

    public static Option<string> Namespace() => new("--namespace", "--ns")
    {
        Description = "Name of the cluster; nodes of another one are refused. [env: WW_NS]",
        HelpName = "name",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("WW_NS") is { Length: > 0 } name ? name : "ww",
    };

    public static Option<string?> Identity(bool client) => new("--identity", "-i")
    {
        Description = client
            ? "File of the private key to log in with; a key that nobody knows without it. [env: WW_IDENTITY]"
            : "File of the node's private key; created when absent. [default: identity.pem in the data folder] [env: WW_IDENTITY]",
        HelpName = "file",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("WW_IDENTITY") is { Length: > 0 } file ? file : null,
    };

    public static Option<bool> Json() => new("--json") { Description = "Print JSON, one object per line." };

    public static Option<double> Timeout() => Seconds("--timeout", "How long to wait for a node to answer.", 15);

    public static Option<double> Seconds(string name, string description, double otherwise)
    {
        var option = new Option<double>(name) { Description = description, HelpName = "seconds", DefaultValueFactory = _ => otherwise };
        option.Validators.Add(result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : otherwise.ToString(CultureInfo.InvariantCulture);
            if (!double.TryParse(text, CultureInfo.InvariantCulture, out var seconds) || seconds is not (> 0 and < 86_400))
            {
                result.AddError($"{name} takes seconds between 0 and 86400, not '{text}'.");
            }
        });
        return option;
    }

    public static string[] FromEnvironment(string name, string[] otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
            ? value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : otherwise;
}
