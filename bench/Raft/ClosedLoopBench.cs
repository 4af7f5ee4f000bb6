using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Wetware.Core;
using Wetware.Host.Consensus;
using Wetware.Protocol;
using Wetware.Raft.Log;
using Wetware.Raft.Log.Files;

namespace Wetware.Bench.Raft;

/// <summary>
/// Three nodes in one process, joined by memory, with clients that each propose 16 bytes, await the outcome and propose again. Without a disk, and with
/// every entry synced on a majority before its client hears of it, beside what raw syncs the same disk does. Fails if a proposal is not committed.
/// </summary>
internal static class ClosedLoopBench
{
    // A batch of one entry: a sector for the record, and one for the frame.
    private const int RawBytes = 8192;
    private const int RawFileBytes = 16 << 20;

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

            Console.WriteLine(RawDisk(folder, budget));
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
            using var warmUp = await DriveAsync(leader, clients, budget / 2).ConfigureAwait(false);
            var clock = Stopwatch.StartNew();
            using var latencies = await DriveAsync(leader, clients, budget).ConfigureAwait(false);
            var rate = latencies.Count / clock.Elapsed.TotalSeconds;
            double Micros(double at) => latencies.Quantile(at) * 1e6 / Stopwatch.Frequency;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {(folder is null ? "memory" : "synced")} | {clients} | {rate:0} | {Micros(0.5):0} | {Micros(0.99):0} | {rival}/s | {goal}/s |"));
            return latencies.Count > 0;
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

    /// <summary>How long each proposal took, in ticks.</summary>
    /// <exception cref="InvalidOperationException">One was not committed.</exception>
    private static async Task<LatencyHistogram> DriveAsync(LoopMember leader, int clients, TimeSpan budget)
    {
        var end = Stopwatch.GetTimestamp() + (long)(budget.TotalSeconds * Stopwatch.Frequency);
        var latencies = new LatencyHistogram();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => ClientAsync(leader, client, latencies, end)))).ConfigureAwait(false);
        return latencies;
    }

    private static async Task ClientAsync(LoopMember leader, int client, LatencyHistogram latencies, long end)
    {
        var payload = new byte[16];
        BitConverter.TryWriteBytes(payload, client);
        for (var start = Stopwatch.GetTimestamp(); start < end;)
        {
            var outcome = await leader.Loop.ProposeAsync(LoopMember.Group, payload, s_timeout).ConfigureAwait(false);
            if (outcome.Kind != OutcomeKind.Committed)
            {
                throw new InvalidOperationException($"a proposal was not committed: {outcome}");
            }

            var now = Stopwatch.GetTimestamp();
            latencies.Add(now - start);
            start = now;
        }
    }

    /// <summary>What the disk does with the same writes and nothing else: by one thread, and by three at once with a file each, as three logs share it above.</summary>
    private static string RawDisk(string folder, TimeSpan budget)
    {
        var files = Enumerable.Range(0, 3).Select(i => MakeRaw(new DiskFileSystem(folder), $"raw{i}")).ToArray();
        try
        {
            var alone = RawSyncs(files[0], budget);
            var shared = Task.WhenAll(files.Select(file => Task.Factory.StartNew(() => RawSyncs(file, budget), TaskCreationOptions.LongRunning))).GetAwaiter().GetResult();
            double Micros(List<long> took) => took.Order().ElementAt(took.Count / 2) * 1e6 / Stopwatch.Frequency;
            return string.Create(
                CultureInfo.InvariantCulture,
                $"raw disk: {alone.Count / budget.TotalSeconds:0} durable writes of {RawBytes >> 10} KiB per second by one thread, p50 {Micros(alone):0} us; by each of three with a file of its own {shared.Average(each => each.Count) / budget.TotalSeconds:0}, p50 {Micros([.. shared.SelectMany(each => each)]):0} us");
        }
        finally
        {
            Array.ForEach(files, file => file.Dispose());
        }
    }

    private static IFile MakeRaw(DiskFileSystem folder, string name)
    {
        var file = folder.Create(name, RawFileBytes);
        file.WriteAt(new byte[RawFileBytes], 0);
        file.Sync();
        return file;
    }

    private static List<long> RawSyncs(IFile file, TimeSpan budget)
    {
        var memory = GC.AllocateArray<byte>(2 * RawBytes, pinned: true);
        var block = memory.AsSpan((int)(-Marshal.UnsafeAddrOfPinnedArrayElement(memory, 0) & (RawBytes - 1)), RawBytes);
        Random.Shared.NextBytes(block);
        var took = new List<long>();
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < budget;)
        {
            var start = Stopwatch.GetTimestamp();
            file.WriteDurably(block, took.Count * RawBytes % RawFileBytes);
            took.Add(Stopwatch.GetTimestamp() - start);
        }

        return took;
    }
}
