using System.CommandLine;
using System.Globalization;
using Wetware.Host;
using Wetware.Host.Storage;

namespace Wetware.Fuzz.Processes;

/// <summary>A node as a process. Ends with its standard input.</summary>
internal static class NodeProcess
{
    // Few, so that logs are compacted, and nodes that were away are brought up by snapshots.
    private const ulong SnapshotEntries = 500;

    public static string AddressOf(int port) => string.Create(CultureInfo.InvariantCulture, $"/ip4/127.0.0.1/tcp/{port}");

    public static Command Command()
    {
        var folder = new Argument<string>("folder") { Description = "Where its data are." };
        var port = new Argument<int>("port") { Description = "Where it listens." };
        var join = new Argument<int[]>("join") { Description = "The port of the node that it joins at, if there is one." };
        var command = new Command("node", "One of the nodes.") { folder, port, join };
        command.Hidden = true;
        command.SetAction(parsed => Run(parsed.GetValue(folder)!, parsed.GetValue(port), parsed.GetValue(join)!));
        return command;
    }

    private static int Run(string folder, int port, int[] join)
    {
        var options = WetwareOptions.Default with
        {
            DataFolder = folder,
            Listen = [AddressOf(port)],
            Join = [.. join.Select(AddressOf)],
            SnapshotEntries = SnapshotEntries,
        };
        return RunAsync(options).GetAwaiter().GetResult();
    }

    private static async Task<int> RunAsync(WetwareOptions options)
    {
        var node = await WetwareNode.StartAsync(options).ConfigureAwait(false);
        await using (node.ConfigureAwait(false))
        {
            var isOver = Console.In.ReadToEndAsync();
            await Task.WhenAny(isOver, node.Completion).ConfigureAwait(false);
            await (isOver.IsCompleted ? isOver : node.Completion).ConfigureAwait(false);
            return 0;
        }
    }
}
