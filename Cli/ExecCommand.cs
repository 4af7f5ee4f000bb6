using System.CommandLine;
using Wetware.Client;
using Wetware.Core;
using Wetware.Membership.Routing;
using Wetware.Protocol.Routing;

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
        var at = new Option<string?>("--at")
        {
            Description = "Run on the node of this anchor, such as /<peer id>/hello, where others find the process; ww anchor rm takes it away.",
            HelpName = "path",
        };
        var command = new Command("exec", "Run a WebAssembly program on nodes of the cluster. Output streams back; the exit code is the program's.") { on, at };
        var rom = RomOptions.AddTo(command);
        var connect = ConnectOptions.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(on) is not null && result.GetValue(at) is not null)
            {
                result.AddError("--on and --at exclude each other.");
            }
        });
        command.SetAction((parsed, cancellation) => parsed.GetValue(at) is { } path
            ? AtAsync(rom, parsed, connect.Read(parsed), path, cancellation)
            : RunAsync(rom, parsed, connect.Read(parsed), parsed.GetValue(on), cancellation));
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
            using var process = await StartAsync(client.Session, bytecode, rom.Request(parsed), cancellation).ConfigureAwait(false);
            return await ProgramRun.FollowAsync(process, "the program", cancellation).ConfigureAwait(false);
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

    private static async Task<int> AtAsync(RomOptions rom, ParseResult parsed, Connector connector, string path, CancellationToken cancellation)
    {
        var bytecode = await rom.LoadAsync(parsed, cancellation).ConfigureAwait(false);
        await using var client = await connector.ConnectAsync(cancellation).ConfigureAwait(false);
        var node = "/" + path.TrimStart('/').Split('/')[0];
        using var host = await Answers.WithinAsync(connector.Timeout, stop => client.Session.Anchors.LoadAsync(node, stop), cancellation).ConfigureAwait(false);
        var session = host.Session ?? throw new CommandException($"'{path}' does not begin with a node; 'ww anchor ls' lists them");
        using var process = await StartAsync(session, bytecode, rom.Request(parsed), cancellation).ConfigureAwait(false);
        if (!await client.Session.Anchors.StoreAsync(path, process, cancellation: cancellation).ConfigureAwait(false))
        {
            await process.KillAsync(cancellation).ConfigureAwait(false);
            throw new CommandException($"{path} holds something already");
        }

        return await ProgramRun.FollowAsync(process, path, cancellation).ConfigureAwait(false);
    }

    private static Task<RemoteProcess> StartAsync(WetwareSession session, byte[] bytecode, ProcessRequest request, CancellationToken cancellation) =>
        session.Processes.StartAsync(
            bytecode,
            request with
            {
                Session = session,
                Input = Console.OpenStandardInput(),
                Output = Console.OpenStandardOutput(),
                Error = Console.OpenStandardError(),
            },
            cancellation);

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
