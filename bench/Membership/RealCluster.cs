using System.Diagnostics;
using System.Globalization;
using Wetware.Core;

namespace Wetware.Bench.Membership;

/// <summary>
/// Nodes as processes on loopback, over their real sockets: how long until each knows all, whether anybody is wrongly declared dead while
/// nothing happens, and how long until all know of one that was killed, and of one that left. Fails if a view stays incomplete or a death is false.
/// </summary>
internal static class RealCluster
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(150);

    public static async Task<int> RunAsync(int count, int atOnce, TimeSpan quiet, ulong seed)
    {
        var prng = new Prng(seed);
        Console.WriteLine($"\n{count} nodes as processes on loopback, seed {seed}");
        Console.WriteLine("| what | measured | goal |");
        Console.WriteLine("| --- | --- | --- |");
        var folder = Directory.CreateTempSubdirectory("ww-real-").FullName;
        var nodes = new List<WatchedNode>();
        using var limit = new CancellationTokenSource(s_patience + quiet);
        try
        {
            await StartAsync(nodes, count, atOnce, folder, limit.Token);
            await WaitQuietAsync(nodes, quiet, limit.Token);
            var killed = Take(nodes, ref prng);
            await GoneAsync("one killed with SIGKILL, until all know, median / worst", "5 s", nodes, killed, killed.Process.Kill, limit.Token);
            var leaver = Take(nodes, ref prng);
            await GoneAsync("one stopped, until all know, median / worst", "-", nodes, leaver, leaver.Process.End, limit.Token);
            await RejoinAsync(nodes, killed, folder, limit.Token);
            return FalseDeaths(nodes, [killed.Peer, leaver.Peer]);
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine($"waited {(s_patience + quiet).TotalSeconds} s in vain");
            return 1;
        }
        finally
        {
            nodes.ForEach(node => node.Dispose());
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task StartAsync(List<WatchedNode> nodes, int count, int atOnce, string folder, CancellationToken cancellation)
    {
        var first = Launch(nodes, folder, 0, []);
        await first.BeginAsync(cancellation);
        var started = Stopwatch.GetTimestamp();
        foreach (var wave in Enumerable.Range(1, count - 1).Chunk(atOnce))
        {
            await Task.WhenAll(wave.Select(i => Launch(nodes, folder, i, [first.Address])).ToArray().Select(node => node.BeginAsync(cancellation)));
        }

        var up = Stopwatch.GetTimestamp();
        var full = await Task.WhenAll(nodes.Select(node => node.WhenFullAsync(count, cancellation)));
        Row($"{count - 1} others started, {atOnce} at a time, until the last is up", Seconds(started, up), "-");
        Row("after that, until everyone knows everyone", Seconds(up, full.Max()), count <= 48 ? "0.5 s" : "2 s");
    }

    private static async Task WaitQuietAsync(List<WatchedNode> nodes, TimeSpan quiet, CancellationToken cancellation)
    {
        var before = nodes.Select(node => node.Process.Usage.Processor).ToArray();
        await Task.Delay(quiet, cancellation);
        var used = nodes.Select((node, i) => (node.Process.Usage.Processor - before[i]).TotalSeconds).Order().ToArray();
        var memory = nodes.Select(node => node.Process.Usage.ResidentBytes / 1e6).Order().ToArray();
        Row($"false deaths in {quiet.TotalSeconds:0} s", nodes.Sum(node => node.Left().Count).ToString(CultureInfo.InvariantCulture), "0");
        Row("share of one processor per node meanwhile, median / worst", Pair(used[used.Length / 2] / quiet.TotalSeconds * 100, used[^1] / quiet.TotalSeconds * 100, "%"), "-");
        Row("resident memory per node, median / worst", Pair(memory[memory.Length / 2], memory[^1], "MB"), "-");
    }

    private static async Task GoneAsync(string what, string goal, List<WatchedNode> nodes, WatchedNode gone, Action go, CancellationToken cancellation)
    {
        var at = Stopwatch.GetTimestamp();
        go();
        var known = await Task.WhenAll(nodes.Select(node => node.WhenLeftAsync(gone.Peer, cancellation)));
        Array.Sort(known);
        Row(what, Pair((known[known.Length / 2] - at) / (double)Stopwatch.Frequency, (known[^1] - at) / (double)Stopwatch.Frequency, "s"), goal);
    }

    private static async Task RejoinAsync(List<WatchedNode> nodes, WatchedNode killed, string folder, CancellationToken cancellation)
    {
        var others = nodes.ToArray();
        var again = Launch(nodes, folder, killed.Number, [others[0].Address]);
        await again.BeginAsync(cancellation);
        var up = Stopwatch.GetTimestamp();
        Invariant.Check(again.Peer == killed.Peer);
        var full = await Task.WhenAll(nodes.Select(node => node.WhenFullAsync(nodes.Count, cancellation)));
        Row("the killed one started again, until it knows all and all know it", Seconds(up, full.Max()), "-");
    }

    private static int FalseDeaths(List<WatchedNode> nodes, string[] expected)
    {
        var deaths = nodes.SelectMany(node => node.Left()).Where(peer => !expected.Contains(peer)).ToArray();
        Row("false deaths in all", deaths.Length.ToString(CultureInfo.InvariantCulture), "0");
        return deaths.Length == 0 ? 0 : 1;
    }

    private static WatchedNode Launch(List<WatchedNode> nodes, string folder, int number, string[] join)
    {
        var node = new WatchedNode(number, new Child(["membership", "real-node", Path.Combine(folder, $"{number}"), .. join], isOneOfMany: true));
        nodes.Add(node);
        return node;
    }

    /// <summary>Any but the first, whose address the others were told.</summary>
    private static WatchedNode Take(List<WatchedNode> nodes, ref Prng prng)
    {
        var at = prng.Between(1, nodes.Count - 1);
        var node = nodes[at];
        nodes.RemoveAt(at);
        return node;
    }

    private static void Row(string what, string measured, string goal) => Console.WriteLine($"| {what} | {measured} | {goal} |");

    private static string Seconds(long from, long to) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, to - from) / (double)Stopwatch.Frequency:0.00} s");

    private static string Pair(double median, double worst, string unit) => string.Create(CultureInfo.InvariantCulture, $"{median:0.00} / {worst:0.00} {unit}");
}
