using System.CommandLine;
using Wetware.Client;
using Wetware.Host;
using Wetware.Host.Services.Processes;

namespace Wetware.Cli;

/// <summary><c>ww run</c>: runs a program here, with the cluster's session as its capability.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var local = new Option<bool>("--local") { Description = "Do not connect to a cluster: the program holds no capability." };
        var dial = new Option<bool>("--dial") { Description = "Connect to a cluster, whose session the program holds. This is the default." };
        var command = new Command("run", "Run a WebAssembly program on this machine; it holds the capabilities of a session with the cluster.") { local, dial };
        var rom = RomOptions.AddTo(command);
        var connect = ConnectOptions.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(local) && result.GetValue(dial))
            {
                result.AddError("--local and --dial exclude each other.");
            }
        });
        command.SetAction((parsed, cancellation) =>
            parsed.GetValue(local) ? RunAsync(rom, parsed, null, cancellation) : DialAsync(rom, parsed, connect.Read(parsed), cancellation));
        return command;
    }

    private static async Task<int> DialAsync(RomOptions rom, ParseResult parsed, Connector connector, CancellationToken cancellation)
    {
        await using var client = await connector.ConnectAsync(cancellation).ConfigureAwait(false);
        return await RunAsync(rom, parsed, client.Session, cancellation).ConfigureAwait(false);
    }

    private static async Task<int> RunAsync(RomOptions rom, ParseResult parsed, WetwareSession? session, CancellationToken cancellation)
    {
        var bytecode = await rom.LoadAsync(parsed, cancellation).ConfigureAwait(false);
        await using var host = new ProcessHost();
        using var process = await host.Processes.StartAsync(bytecode, rom.Request(parsed) with
        {
            Session = session,
            Input = Console.OpenStandardInput(),
            Output = Console.OpenStandardOutput(),
            Error = Console.OpenStandardError(),
        }, cancellation).ConfigureAwait(false);
        return await ProgramRun.FollowAsync(process, "the program", cancellation).ConfigureAwait(false);
    }
}
