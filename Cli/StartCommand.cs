using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.Extensions.Logging;
using Wetware.Client.Identity;
using Wetware.Host;
using Wetware.Host.Storage;

namespace Wetware.Cli;

/// <summary><c>ww start</c>: runs a node until it is told to stop.</summary>
internal static class StartCommand
{
    public static Command Create()
    {
        var listen = new Option<string[]>("--listen", "-l")
        {
            Description = $"Multiaddr to accept connections on; repeat for several; port 0 lets the system choose. [env: WW_LISTEN]",
            HelpName = "multiaddr",
            DefaultValueFactory = _ => SharedOptions.FromEnvironment("WW_LISTEN", [SharedOptions.DefaultAddress]),
        };
        var join = SharedOptions.Join(client: false);
        var joinTimeout = SharedOptions.Seconds(
            "--join-timeout", "How long to go on asking, at the first start, while none of those to join answers. A refused connection ends it at once.", WetwareOptions.Default.JoinTimeout.TotalSeconds);
        var discover = SharedOptions.Discover("Look for peers: join the cluster that is found, or found one if there is none.");
        var data = new Option<string>("--data", "-d")
        {
            Description = "Folder for identity, log and snapshots; created when absent. [env: WW_DATA]",
            HelpName = "folder",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable("WW_DATA") is { Length: > 0 } folder ? folder : "ww-data",
        };
        var meta = new Option<Dictionary<string, string>>("--meta", "-m")
        {
            Description = "A label key=value that queries can select by; repeat for several. [env: WW_META]",
            HelpName = "key=value",
            Arity = ArgumentArity.OneOrMore,
            CustomParser = ParseMeta,
            DefaultValueFactory = ParseMeta,
        };
        var ns = SharedOptions.Namespace();
        var identity = SharedOptions.Identity(client: false);
        var insecure = SharedOptions.Insecure();
        var noVote = new Option<bool>("--no-vote") { Description = "Take no part in consensus: gossip, answer queries and crawl only." };
        var log = new Option<LogLevel>("--log") { Description = "Least severe level that is logged to standard error.", DefaultValueFactory = _ => LogLevel.Information };
        var json = new Option<bool>("--json") { Description = "Print one JSON object when ready, and log JSON." };

        var command = new Command("start", "Run a node. It joins the peers it is given, or founds a new cluster.")
        {
            listen, join, joinTimeout, discover, data, identity, meta, ns, insecure, noVote, log, json,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            WetwareOptions.Default with
            {
                Listen = parsed.GetValue(listen)!,
                Join = parsed.GetValue(join)!,
                JoinTimeout = TimeSpan.FromSeconds(parsed.GetValue(joinTimeout)),
                Discover = parsed.GetValue(discover)!,
                DataFolder = parsed.GetValue(data)!,
                Meta = parsed.GetValue(meta)!,
                Namespace = parsed.GetValue(ns)!,
                IdentityFile = parsed.GetValue(identity),
                Insecure = parsed.GetValue(insecure),
                Votes = !parsed.GetValue(noVote),
            },
            parsed.GetValue(log),
            parsed.GetValue(json),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(WetwareOptions options, LogLevel level, bool json, CancellationToken cancellation)
    {
        using var logs = LoggerFactory.Create(builder => Logging.ToStandardError(builder, level, json));
        await using var node = await WetwareNode.StartAsync(options, logs, cancellation).ConfigureAwait(false);
        Announcement.Print(node, json);
        try
        {
            await node.Completion.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await node.StopAsync(CancellationToken.None).ConfigureAwait(false);
        }

        return ExitCode.Success;
    }

    private static Dictionary<string, string> ParseMeta(ArgumentResult result)
    {
        var words = result.Tokens.Count > 0 ? result.Tokens.Select(token => token.Value) : SharedOptions.FromEnvironment("WW_META", []);
        var meta = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var word in words)
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                result.AddError($"--meta takes key=value, not '{word}'.");
                break;
            }

            meta[word[..equals]] = word[(equals + 1)..];
        }

        return meta;
    }
}
