using Wetware.Host;

namespace Wetware.Fuzz.Processes;

/// <summary>A node as a process: arguments are folder, port, and the port to join at if there is one. Ends with its standard input.</summary>
internal static class NodeProcess
{
    // Few, so that logs are compacted, and nodes that were away are brought up by snapshots.
    private const ulong SnapshotEntries = 500;

    public static string AddressOf(string port) => $"/ip4/127.0.0.1/tcp/{port}";

    public static int Run(string[] args)
    {
        var options = WetwareOptions.Default with
        {
            DataFolder = args[0],
            Listen = [AddressOf(args[1])],
            Join = [.. args.Skip(2).Select(AddressOf)],
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
