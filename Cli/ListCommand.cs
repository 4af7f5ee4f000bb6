using System.CommandLine;
using System.Text.Json.Nodes;
using Wetware.Membership.Routing;
using Wetware.Protocol.Routing;

namespace Wetware.Cli;

/// <summary><c>ww ls</c>: asks a node's routing table, and prints records as they arrive; with <c>--watch</c>, then what changes.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var words = new Argument<string[]>("query")
        {
            Description = "WHERE key=value | FROM key=value [TO key=value] | LIMIT n | REVERSE; all peers without any. A key is peer, server, host or a label's; '=' matches by prefix, '==' exactly.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var watch = new Option<bool>("--watch", "-w")
        {
            Description = "Print the answer, then what changes in it until interrupted: + joined, ~ updated (a newer heartbeat alone is none), - left. "
                + "With --json, an object a line whose \"change\" is present, joined, updated or left. Goes on with another node when one is lost.",
        };
        var json = SharedOptions.Json();
        var command = new Command("ls", "List the peers of the cluster, or those that a query selects.") { words, watch, json };
        var connect = ConnectOptions.AddTo(command);
        command.SetAction((parsed, cancellation) =>
            RunAsync(parsed.GetValue(words)!, connect.Read(parsed), parsed.GetValue(watch), parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string[] words, Connector connector, bool watch, bool json, CancellationToken cancellation)
    {
        if (!QueryParser.TryParse(string.Join(' ', words), out var query, out var error))
        {
            // The caret needs lines of its own to point from.
            await Console.Error.WriteLineAsync($"ww: bad query\n{error}").ConfigureAwait(false);
            return ExitCode.Usage;
        }

        if (watch)
        {
            return await WatchAsync(query, connector, json, cancellation).ConfigureAwait(false);
        }

        await using var client = await connector.ConnectAsync(cancellation).ConfigureAwait(false);
        await foreach (var record in Answers.WithinAsync(connector.Timeout, stop => client.Session.QueryAsync(query, stop), cancellation).ConfigureAwait(false))
        {
            Console.WriteLine(json ? RecordText.Json(record).ToJsonString() : RecordText.Line(record));
        }

        return ExitCode.Success;
    }

    private static async Task<int> WatchAsync(Query query, Connector connector, bool json, CancellationToken cancellation)
    {
        try
        {
            await new ListWatcher(connector, query, json ? PrintJson : PrintText).RunAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // An interrupt is how a watch ends.
        }

        return ExitCode.Success;
    }

    private static void PrintText(ClusterChangeKind? kind, ClusterRecord record) =>
        Console.WriteLine($"{kind switch { null => ' ', ClusterChangeKind.Joined => '+', ClusterChangeKind.Updated => '~', _ => '-' }} {RecordText.Line(record)}");

    private static void PrintJson(ClusterChangeKind? kind, ClusterRecord record)
    {
        var line = RecordText.Json(record);
        line.Insert(0, "change", JsonValue.Create(kind switch { null => "present", ClusterChangeKind.Joined => "joined", ClusterChangeKind.Updated => "updated", _ => "left" }));
        Console.WriteLine(line.ToJsonString());
    }
}
