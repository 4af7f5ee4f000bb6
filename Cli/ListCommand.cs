using System.CommandLine;
using System.Text.Json;
using Wetware.Host.Client;
using Wetware.Membership.Routing;

namespace Wetware.Cli;

/// <summary><c>ww ls</c>: asks a node's routing table, and prints records as they arrive.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var words = new Argument<string[]>("query")
        {
            Description = "WHERE key=value | FROM key=value [TO key=value] | LIMIT n | REVERSE; all peers without any. A key is peer, server, host or a label's; '=' matches by prefix, '==' exactly.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var json = SharedOptions.Json();
        var command = new Command("ls", "List the peers of the cluster, or those that a query selects.") { words, json };
        var connect = ConnectOptions.AddTo(command);
        command.SetAction((parsed, cancellation) =>
            RunAsync(parsed.GetValue(words)!, connect.Read(parsed), parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string[] words, Connector connector, bool json, CancellationToken cancellation)
    {
        if (!QueryParser.TryParse(string.Join(' ', words), out var query, out var error))
        {
            // The caret needs lines of its own to point from.
            await Console.Error.WriteLineAsync($"ww: bad query\n{error}").ConfigureAwait(false);
            return ExitCode.Usage;
        }

        await using var client = await connector.ConnectAsync(cancellation).ConfigureAwait(false);
        await foreach (var record in Answers.WithinAsync(connector.Timeout, stop => client.Session.QueryAsync(query, stop), cancellation).ConfigureAwait(false))
        {
            Console.WriteLine(json ? Json(record) : Text(record));
        }

        return ExitCode.Success;
    }

    private static string Text(ClusterRecord record) =>
        $"/{record.Server}  {record.Peer}  {record.Host}  {string.Join(' ', record.Meta)}".TrimEnd();

    private static string Json(ClusterRecord record) => JsonSerializer.Serialize(new
    {
        server = record.Server.ToString(),
        peer = record.Peer.ToString(),
        host = record.Host,
        meta = Labels(record.Meta),
        seq = record.Seq,
        ttl = record.Ttl.TotalMilliseconds,
        addrs = record.Addresses.Select(address => address.ToString()),
    });

    /// <summary>By key; of several labels with one key, which a peer is free to announce, the last.</summary>
    private static Dictionary<string, string> Labels(IReadOnlyList<string> meta)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var label in meta)
        {
            var pair = label.Split('=', 2);
            labels[pair[0]] = pair.Length > 1 ? pair[1] : "";
        }

        return labels;
    }
}
