using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Wetware.Client;

namespace Wetware.Cli;

/// <summary><c>ww ps</c>: the programs that a node runs.</summary>
internal static class ProcessesCommand
{
    public static Command Create()
    {
        var json = SharedOptions.Json();
        var command = new Command("ps", "List the programs that a node runs, parents before their children.") { json };
        var connect = ConnectOptions.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(connect.Read(parsed), parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Connector connector, bool json, CancellationToken cancellation)
    {
        await using var client = await connector.ConnectAsync(cancellation).ConfigureAwait(false);
        var processes = await client.Session.Processes.ListAsync(cancellation).ConfigureAwait(false);
        if (!json)
        {
            Console.WriteLine("  PID  PPID  BEGAN                 PROGRAM");
        }

        foreach (var process in processes)
        {
            Console.WriteLine(json ? Json(process) : Text(process));
        }

        return ExitCode.Success;
    }

    private static string Text(ProcessInfo process) => string.Create(
        CultureInfo.InvariantCulture,
        $"{process.Pid,5} {process.Parent,5}  {process.Began:yyyy-MM-ddTHH:mm:ssZ}  {string.Join(' ', process.Arguments)}");

    private static string Json(ProcessInfo process) => JsonSerializer.Serialize(new
    {
        pid = process.Pid,
        ppid = process.Parent,
        cid = process.Cid.ToString(),
        args = process.Arguments,
        began = process.Began,
    });
}
