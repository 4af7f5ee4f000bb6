using System.CommandLine;

namespace Wetware.Cli;

/// <summary><c>ww kill</c>: ends a program and what it started.</summary>
internal static class KillCommand
{
    public static Command Create()
    {
        var pid = new Argument<uint>("pid") { Description = "As ww ps shows it." };
        var command = new Command("kill", "Kill a program of a node, and those that it started.") { pid };
        var connect = ConnectOptions.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(connect.Read(parsed), parsed.GetValue(pid), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Connector connector, uint pid, CancellationToken cancellation)
    {
        await using var client = await connector.ConnectAsync(cancellation).ConfigureAwait(false);
        await client.Session.Processes.KillAsync(pid, cancellation).ConfigureAwait(false);
        return ExitCode.Success;
    }
}
