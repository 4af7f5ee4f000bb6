using System.Diagnostics;
using System.Globalization;
using Wetware.Core;
using Wetware.Host.Consensus;
using Wetware.Raft.Log.Files;

namespace Wetware.Bench.Raft;

/// <summary>
/// Three nodes in one process, joined by memory, with clients that each propose 16 bytes, await the outcome and propose again. Without a disk, and with
/// every entry synced on a majority before its client hears of it, beside what raw syncs the same disk does. Fails if a proposal is not committed.
/// </summary>
internal static class ClosedLoopBench
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);
    private static readonly (int Clients, string Rival, string Goal)[] s_memory = [(1, "75k", "150k"), (64, "139k", "700k"), (1024, "296k", "1.5M"), (4096, "296k", "2M")];

    private static readonly (int Clients, string Rival, string Goal)[] s_synced =
        [(1, "4.0k", "5.5k"), (64, "43.7k", "120k"), (256, "87k", "250k"), (1024, "181k", "450k"), (4096, "212k", "500k")];

    public static async Task<bool> RunAsync(bool isSmoke)
    {
        var budget = TimeSpan.FromSeconds(isSmoke ? 0.2 : 3);
        Console.WriteLine($"\nthree nodes of the host's loop in one process, 16-byte commands, closed loop, {budget.TotalSeconds} s each");
        Console.WriteLine("| log | clients | op/s | p50 us | p99 us | etcd/raft 3.6.0 | goal |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
        var isRight = true;
        foreach (var (clients, rival, goal) in s_memory.Take(isSmoke ? 1 : int.MaxValue))
        {
            isRight &= await MeasureAsync(folder: null, clients, rival, goal, budget).ConfigureAwait(false);
        }

        var folder = Directory.CreateTempSubdirectory("ww-bench-raft-").FullName;
        try
        {
            foreach (var (clients, rival, goal) in s_synced.Take(isSmoke ? 1 : int.MaxValue))
            {
                isRight &= await MeasureAsync(Path.Combine(folder, clients.ToString(CultureInfo.InvariantCulture)), clients, rival, goal, budget).ConfigureAwait(false);
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"raw disk: {RawSyncs(folder, budget):0} writes of 4 KiB, each synced, per second by one thread, {RawInParallel(folder, budget):0} by each of three threads with a file of its own, as three logs share it above"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return isRight;
    }

    private static async Task<bool> MeasureAsync(string? folder, int clients, string rival, string goal, TimeSpan budget)
    {
        NodeId[] voters = [new(1), new(2), new(3)];
        var members = new LoopMember[voters.Length];
        for (var i = 0; i < members.Length; i++)
        {
            members[i] = new LoopMember(voters[i], voters, folder is null ? null : Directory.CreateDirectory(Path.Combine(folder, $"{i}")).FullName, id => members[id.Value - 1]);
        }

        try
        {
            Array.ForEach(members, member => member.Start());
            var leader = await LeaderAsync(members).ConfigureAwait(false);
            _ = await DriveAsync(leader, clients, budget / 2).ConfigureAwait(false);
            var clock = Stopwatch.StartNew();
            var latencies = await DriveAsync(leader, clients, budget).ConfigureAwait(false);
            var rate = latencies.Length / clock.Elapsed.TotalSeconds;
            Array.Sort(latencies);
            double Micros(double at) => latencies[(int)(at * (latencies.Length - 1))] * 1e6 / Stopwatch.Frequency;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {(folder is null ? "memory" : "synced")} | {clients} | {rate:0} | {Micros(0.5):0} | {Micros(0.99):0} | {rival}/s | {goal}/s |"));
            return latencies[0] > 0;
        }
        finally
        {
            Array.ForEach(members, member => member.Dispose());
        }
    }

    private static async Task<LoopMember> LeaderAsync(LoopMember[] members)
    {
        while (true)
        {
            var changed = Array.ConvertAll(members, member => member.RaftGroup.Changed);
            if (Array.Find(members, member => member.RaftGroup.Status.IsLeader) is { } leader)
            {
                return leader;
            }

            await Task.WhenAny(changed).WaitAsync(s_timeout).ConfigureAwait(false);
        }
    }

    /// <summary>How long each proposal took, in ticks; of one that was not committed, a negative number.</summary>
    private static async Task<long[]> DriveAsync(LoopMember leader, int clients, TimeSpan budget)
    {
        var end = Stopwatch.GetTimestamp() + (long)(budget.TotalSeconds * Stopwatch.Frequency);
        var all = await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => ClientAsync(leader, client, end)))).ConfigureAwait(false);
        return [.. all.SelectMany(each => each)];
    }

    private static async Task<List<long>> ClientAsync(LoopMember leader, int client, long end)
    {
        var payload = new byte[16];
        BitConverter.TryWriteBytes(payload, client);
        var took = new List<long>();
        for (var start = Stopwatch.GetTimestamp(); start < end;)
        {
            var outcome = await leader.Loop.ProposeAsync(LoopMember.Group, payload, s_timeout).ConfigureAwait(false);
            var now = Stopwatch.GetTimestamp();
            took.Add(outcome.Kind == OutcomeKind.Committed ? now - start : -1);
            start = now;
        }

        return took;
    }

    /// <summary>Syncs a second of each of three threads that sync a file each: what three nodes on this disk cannot surpass with one proposal at a time.</summary>
    private static double RawInParallel(string folder, TimeSpan budget)
    {
        var counts = new long[3];
        var threads = Enumerable.Range(0, counts.Length).Select(i => new Thread(() => counts[i] = (long)(RawSyncs(Path.Combine(folder, $"parallel{i}"), budget) * budget.TotalSeconds))).ToArray();
        for (var i = 0; i < counts.Length; i++)
        {
            Directory.CreateDirectory(Path.Combine(folder, $"parallel{i}"));
        }

        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return counts.Average() / budget.TotalSeconds;
    }

    private static double RawSyncs(string folder, TimeSpan budget)
    {
        using var file = new DiskFileSystem(folder).Create("raw", 16 << 20);
        file.WriteAt(new byte[16 << 20], 0);
        file.Sync();
        var block = new byte[4096];
        Random.Shared.NextBytes(block);
        var (count, clock) = (0L, Stopwatch.StartNew());
        for (; clock.Elapsed < budget; count++)
        {
            file.WriteAt(block, count * block.Length % (16 << 20));
            file.Sync();
        }

        return count / clock.Elapsed.TotalSeconds;
    }
}
