using System.Diagnostics;
using System.Globalization;
using System.Text;
using Wetware.Client;
using Wetware.Host;
using Wetware.Host.Storage;
using Wetware.Membership.Routing;
using Wetware.Protocol.Routing;

namespace Wetware.Bench.Membership;

/// <summary>
/// A node in a process of its own that says when it learns of what: its address, then a line per change, with the time of the system's
/// monotonic clock, which all processes of a machine share.
/// </summary>
internal static class RealNode
{
    public static async Task<int> RunAsync(string folder, string[] join)
    {
        var node = await WetwareNode.StartAsync(WetwareOptions.Default with { DataFolder = folder, Join = join });
        await using (node.ConfigureAwait(false))
        {
            using var stop = new CancellationTokenSource();
            Console.WriteLine($"{node.Addresses[0]} {node.Peer}");
            var telling = TellAsync(node.Session, stop.Token);
            await Console.In.ReadToEndAsync(CancellationToken.None);
            await stop.CancelAsync();
            await ((Task)telling).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return 0;
    }

    private static async Task TellAsync(WetwareSession session, CancellationToken stop)
    {
        await foreach (var changes in session.FollowAsync(Query.All, stop))
        {
            var now = Stopwatch.GetTimestamp();
            var lines = new StringBuilder();
            foreach (var (kind, record) in changes.Items)
            {
                lines.Append(CultureInfo.InvariantCulture, $"{"+~-"[(int)kind]} {now} {record.Peer}\n");
            }

            await Console.Out.WriteAsync(lines, stop);
        }
    }
}
