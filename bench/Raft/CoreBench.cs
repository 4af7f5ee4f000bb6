using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Wetware.Core;
using Wetware.Raft;
using Wetware.Tooling;

namespace Wetware.Bench.Raft;

/// <summary>
/// The consensus core alone: from a proposal to its application on every member, in one thread and in memory. Fails if
/// anything is allocated in steady state, or if the members do not agree in the end.
/// </summary>
internal static class CoreBench
{
    private const int PayloadBytes = 16;

    /// <summary>Best of this many runs: others work on the same machine.</summary>
    private const int Runs = 5;

    public static Command Command() =>
        SmokeOption.Command("raft", "The consensus core: propose to apply, bytes per command; three nodes in closed loop, without a disk and synced; crashes of leaders in simulated clusters.", Run);

    private static int Run(bool isSmoke)
    {
        var budget = TimeSpan.FromSeconds(isSmoke ? 0.1 : 1);
        Console.WriteLine($"raft core, one thread, {PayloadBytes}-byte commands, best of {Runs} runs of {budget.TotalSeconds} s");
        Console.WriteLine("| members | batch | ns/op | op/s | bytes/op | etcd/raft 3.6.0 | goal |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
        var isClean = Measure(2, 1, budget, "1,091 ns", "500 ns");
        isClean &= Measure(3, 1, budget, "3.83 us", "1.5 us");
        isClean &= Measure(3, 64, budget, "1.41 M/s", "3 M/s");
        isClean &= Measure(3, 1024, budget, "1.67 M/s", "4 M/s");
        isClean &= ClosedLoopBench.RunAsync(isSmoke).GetAwaiter().GetResult();
        isClean &= FailoverBench.Run(isSmoke);
        return isClean ? 0 : 1;
    }

    private static bool Measure(int members, int batch, TimeSpan budget, string rival, string goal)
    {
        var cluster = new LocalCluster(members);
        var entries = new Entry[batch];
        for (var i = 0; i < batch; i++)
        {
            var payload = new byte[PayloadBytes];
            payload[0] = (byte)(i + 1);
            entries[i] = new(payload);
        }

        // Until every buffer has its final size, however slow the machine is just now.
        var proposed = 0L;
        while (proposed < LocalCluster.CommandsUntilSteady)
        {
            proposed += Drive(cluster, entries, budget / 2, out _, out _);
        }

        var (best, bytes) = (double.MaxValue, 0L);
        for (var run = 0; run < Runs; run++)
        {
            var count = Drive(cluster, entries, budget, out var elapsed, out var allocated);
            proposed += count;
            best = Math.Min(best, elapsed.TotalNanoseconds / count);
            bytes += allocated;
        }

        var perOperation = (double)bytes / proposed;
        var isRight = cluster.Applied == proposed && cluster.Agrees;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {members} | {batch} | {best:0.0} | {1e9 / best:#,0} | {perOperation:0.###}{(bytes == 0 ? "" : " FAIL")} | {rival} | {goal} |{(isRight ? "" : " WRONG RESULT")}"));
        return isRight && bytes == 0;
    }

    private static long Drive(LocalCluster cluster, Entry[] batch, TimeSpan budget, out TimeSpan elapsed, out long allocated)
    {
        var (count, before, clock) = (0L, GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
        do
        {
            for (var i = 0; i < 64; i++)
            {
                Invariant.Check(cluster.Leader.Propose(batch) == StepResult.Ok);
                cluster.Settle();
                count += batch.Length;
            }

            elapsed = Stopwatch.GetElapsedTime(clock);
        }
        while (elapsed < budget);

        allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return count;
    }
}
