using System.Diagnostics;

namespace Wetware.Rpc.Tests;

/// <summary>Waits until connections have nothing under way and hold nothing, which the messages in flight bring about.</summary>
internal static class Idle
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    public static async Task Async(params RpcConnection[] connections)
    {
        var watch = Stopwatch.StartNew();
        while (!Array.TrueForAll(connections, connection => connection.IsIdle))
        {
            Assert.True(watch.Elapsed < s_patience,
                "the tables did not empty: " + string.Join("; ", connections.Select(connection => connection.Describe())));
            await Task.Yield();
        }
    }
}
