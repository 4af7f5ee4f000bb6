using System.CommandLine;
using Wetware.Host.Client;
using Wetware.Membership.Routing;

namespace Wetware.Cli;

/// <summary><c>ww exec</c>: runs a program on a node, or on every peer that a query selects.</summary>
internal static class ExecCommand
{
    public static Command Create()
    {
        var on = new Option<string?>("--on")
        {
            Description = "Run on every peer that this query selects, such as 'WHERE region=us-east-1'; on the node that answers, without it.",
            HelpName = "query",
        };
        var command = new Command("exec", "Run a WebAssembly program on nodes of the cluster. Output streams back; the exit code is the program's.") { on };
        var rom = RomOptions.AddTo(command);
        var connect = ConnectOptions.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(rom, parsed, connect.Read(parsed), parsed.GetValue(on), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(RomOptions rom, ParseResult parsed, Connector connector, string? on, CancellationToken cancellation)
    {
        var query = Query.All;
        if (on is not null && !QueryParser.TryParse(on, out query, out var error))
        {
            // The caret needs lines of its own to point from.
            await Console.Error.WriteLineAsync($"ww: bad query\n{error}").ConfigureAwait(false);
            return ExitCode.Usage;
        }

        var bytecode = await rom.LoadAsync(parsed, cancellation).ConfigureAwait(false);
        await using var client = await connector.ConnectAsync(cancellation).ConfigureAwait(false);
        if (on is null)
        {
            return await OneAsync(client, bytecode, rom.Request(parsed), cancellation).ConfigureAwait(false);
        }

        var records = new List<ClusterRecord>();
        await foreach (var record in client.Session.QueryAsync(query, cancellation).ConfigureAwait(false))
        {
            records.Add(record);
        }

        if (records.Count == 0)
        {
            throw new CommandException("no peer is selected by the query");
        }

        var codes = await Task.WhenAll(records.Select(record => OnAsync(connector, record, bytecode, rom.Request(parsed), cancellation))).ConfigureAwait(false);
        return codes.FirstOrDefault(static code => code != ExitCode.Success);
    }

    private static async Task<int> OneAsync(WetwareClient client, byte[] bytecode, ProcessRequest request, CancellationToken cancellation)
    {
        using var process = await client.Session.Processes.StartAsync(bytecode, request with
        {
            Session = client.Session,
            Input = Console.OpenStandardInput(),
            Output = Console.OpenStandardOutput(),
            Error = Console.OpenStandardError(),
        }, cancellation).ConfigureAwait(false);
        return await ProgramRun.FollowAsync(process, "the program", cancellation).ConfigureAwait(false);
    }

    /// <summary>One of many: each line of output says whose it is, and a peer that fails does not end the others.</summary>
    private static async Task<int> OnAsync(Connector connector, ClusterRecord record, byte[] bytecode, ProcessRequest request, CancellationToken cancellation)
    {
        var name = $"/{record.Server}";
        try
        {
            await using var client = await connector.ConnectAsync(record, cancellation).ConfigureAwait(false);
            await using var output = new LabelledLines(Console.Out, name);
            await using var error = new LabelledLines(Console.Error, name);
            using var process = await client.Session.Processes.StartAsync(
                bytecode, request with { Session = client.Session, Output = output, Error = error }, cancellation).ConfigureAwait(false);
            return await ProgramRun.FollowAsync(process, name, cancellation).ConfigureAwait(false);
        }
        catch (WetwareException failure)
        {
            await Console.Error.WriteLineAsync($"ww: {name}: {failure.Message}").ConfigureAwait(false);
            return ExitCode.Failure;
        }
    }
}
