using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Wetware.Raft;
using Wetware.Raft.Log;
using Wetware.Raft.Log.Files;

namespace Wetware.Bench.Log;

/// <summary>
/// Commits, each synced, against the raw disk: 4 KiB written to a file that was written before, and synced; and the same past the kernel's cache. The three take
/// turns, one by one, and medians are compared: a stall of the machine lasts as long as dozens of syncs, and says nothing of whom it happens to meet.
/// </summary>
internal static class SyncBench
{
    private const int RawBytes = 64 << 20;
    private const int BlockBytes = 4096;

    public static bool Run(string folder, LogOptions options, bool isSmoke)
    {
        var isRight = true;
        foreach (var sector in (int[])[4096, 512])
        {
            foreach (var entries in (int[])[1, 64])
            {
                isRight &= Compare(Path.Combine(folder, $"{sector}-{entries}"), options with { SectorBytes = sector }, entries, isSmoke ? 200 : 3000);
            }
        }

        return isRight;
    }

    private static bool Compare(string folder, LogOptions options, int entries, int rounds)
    {
        var files = new DiskFileSystem(folder);
        using var cached = MakeRaw(files, "cached");
        using var direct = MakeRaw(files, "direct");
        using var log = WriteAheadLog.Open(files, options);
        var group = log.Group(new(1));
        var block = GC.AllocateArray<byte>(2 * BlockBytes, pinned: true);
        Random.Shared.NextBytes(block);
        var start = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(block, 0) & (BlockBytes - 1));
        var batch = new Entry[entries];
        var payload = new byte[16];
        Action<long>[] ways =
        [
            at =>
            {
                cached.WriteAt(block.AsSpan(start, BlockBytes), at);
                cached.Sync();
            },
            at => direct.WriteDurably(block.AsSpan(start, BlockBytes), at),
            _ =>
            {
                group.Append(batch);
                log.Commit();
            },
        ];
        var took = Array.ConvertAll(ways, _ => new long[rounds]);
        for (var round = 0; round < rounds; round++)
        {
            for (var j = 0; j < entries; j++)
            {
                batch[j] = new(new(1), group.LastIndex + (ulong)(j + 1), EntryType.Normal, payload);
            }

            // Each round begins with another one, so that none always follows the same.
            for (var turn = 0; turn < ways.Length; turn++)
            {
                var way = (round + turn) % ways.Length;
                var before = Stopwatch.GetTimestamp();
                ways[way]((long)round * BlockBytes % RawBytes);
                took[way][round] = Stopwatch.GetTimestamp() - before;
            }
        }

        var (rawCached, rawDirect, ours) = (Summary(took[0]), Summary(took[1]), Summary(took[2]));
        LogBench.Print(
            $"synced commits of {entries} x 16 B, sectors of {options.SectorBytes}, one after the other",
            "95 % of raw syncs",
            string.Create(
                CultureInfo.InvariantCulture,
                $"p50 {ours.P50:0} us, p99 {ours.P99:0}: {100 * rawCached.P50 / ours.P50:0} % of 4 KiB written and synced ({rawCached.P50:0}, p99 {rawCached.P99:0}), {100 * rawDirect.P50 / ours.P50:0} % of 4 KiB past the cache ({rawDirect.P50:0}, p99 {rawDirect.P99:0})"));
        return group.DurableIndex.Value == (ulong)rounds * (ulong)entries;
    }

    private static IFile MakeRaw(DiskFileSystem files, string name)
    {
        var file = files.Create(name, RawBytes);
        var zeros = new byte[1 << 20];
        for (var at = 0; at < RawBytes; at += zeros.Length)
        {
            file.WriteAt(zeros, at);
        }

        file.Sync();
        return file;
    }

    private static (double P50, double P99) Summary(long[] ticks)
    {
        Array.Sort(ticks);
        double Micros(double at) => ticks[(int)(at * (ticks.Length - 1))] * 1e6 / Stopwatch.Frequency;
        return (Micros(0.5), Micros(0.99));
    }
}
