using System.CommandLine;
using Wetware.Client;
using Wetware.Client.Identity;

namespace Wetware.Cli;

/// <summary>What every command that talks to a node takes: where, as whom, over what, and for how long.</summary>
internal sealed class ConnectOptions
{
    private readonly Option<string[]> _join = SharedOptions.Join(client: true);
    private readonly Option<string[]> _discover = SharedOptions.Discover("Look for a node to talk to, instead of --join.");
    private readonly Option<string> _namespace = SharedOptions.Namespace();
    private readonly Option<string?> _identity = SharedOptions.Identity(client: true);
    private readonly Option<bool> _insecure = SharedOptions.Insecure();
    private readonly Option<double> _timeout = SharedOptions.Timeout();

    private ConnectOptions()
    {
    }

    /// <summary>Adds the options to a command.</summary>
    public static ConnectOptions AddTo(Command command)
    {
        var options = new ConnectOptions();
        command.Add(options._join);
        command.Add(options._discover);
        command.Add(options._namespace);
        command.Add(options._identity);
        command.Add(options._insecure);
        command.Add(options._timeout);
        return options;
    }

    /// <summary>What the command line says.</summary>
    public Connector Read(ParseResult parsed) => new(parsed.GetValue(_join)!, parsed.GetValue(_discover)!, WetwareClientOptions.Default with
    {
        Namespace = parsed.GetValue(_namespace)!,
        IdentityFile = parsed.GetValue(_identity),
        Insecure = parsed.GetValue(_insecure),
        Timeout = TimeSpan.FromSeconds(parsed.GetValue(_timeout)),
    });
}
