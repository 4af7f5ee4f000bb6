using System.Diagnostics;
using System.Globalization;
using Wetware.Raft;
using Wetware.Raft.Log;
using Wetware.Raft.Log.Files;

namespace Wetware.Bench.Log;

/// <summary>
/// Commits of one entry, each synced, against the raw disk: a loop that writes a block to a file that was written before, and syncs it. The two
/// take turns, so that a disk whose speed drifts is fair to both.
/// </summary>
internal static class SyncBench
{
    private const int RawBytes = 64 << 20;

    public static bool Run(string folder, LogOptions options, bool isSmoke)
    {
        var isRight = true;
        foreach (var sector in (int[])[4096, 512])
        {
            foreach (var entries in (int[])[1, 64])
            {
                isRight &= Compare(Path.Combine(folder, $"{sector}-{entries}"), options with { SectorBytes = sector }, entries, isSmoke);
            }
        }

        return isRight;
    }

    private static bool Compare(string folder, LogOptions options, int entries, bool isSmoke)
    {
        var files = new DiskFileSystem(folder);
        var raw = new long[isSmoke ? 200 : 3000];
        var ours = new long[raw.Length];
        using var rawFile = MakeRaw(files);
        using var log = WriteAheadLog.Open(files, options);
        var group = log.Group(new(1));
        var block = new byte[4096];
        Random.Shared.NextBytes(block);
        var batch = new Entry[entries];
        var payload = new byte[16];
        const int Turn = 20;
        for (var at = 0; at < raw.Length; at += Turn)
        {
            for (var i = at; i < Math.Min(at + Turn, raw.Length); i++)
            {
                var start = Stopwatch.GetTimestamp();
                rawFile.WriteAt(block, (long)i * block.Length % RawBytes);
                rawFile.Sync();
                raw[i] = Stopwatch.GetTimestamp() - start;
            }

            for (var i = at; i < Math.Min(at + Turn, raw.Length); i++)
            {
                for (var j = 0; j < entries; j++)
                {
                    batch[j] = new(new(1), group.LastIndex + (ulong)(j + 1), EntryType.Normal, payload);
                }

                var start = Stopwatch.GetTimestamp();
                group.Append(batch);
                log.Commit();
                ours[i] = Stopwatch.GetTimestamp() - start;
            }
        }

        var (rawRate, rawP50, rawP99) = Summary(raw);
        var (rate, p50, p99) = Summary(ours);
        LogBench.Print(
            $"synced commits of {entries} x 16 B, sectors of {options.SectorBytes}",
            "95 % of raw syncs",
            string.Create(CultureInfo.InvariantCulture, $"{rate:0}/s = {100 * rate / rawRate:0.0} % of {rawRate:0}/s; p50 {p50:0} us (raw {rawP50:0}), p99 {p99:0} us (raw {rawP99:0})"));
        return group.DurableIndex.Value == (ulong)(ours.Length * entries);
    }

    private static IFile MakeRaw(DiskFileSystem files)
    {
        var file = files.Create("raw", RawBytes);
        var zeros = new byte[1 << 20];
        for (var at = 0; at < RawBytes; at += zeros.Length)
        {
            file.WriteAt(zeros, at);
        }

        file.Sync();
        return file;
    }

    private static (double PerSecond, double P50, double P99) Summary(long[] ticks)
    {
        var sorted = ticks.Order().ToArray();
        double Micros(double at) => sorted[(int)(at * (sorted.Length - 1))] * 1e6 / Stopwatch.Frequency;
        return (ticks.Length / (ticks.Sum() / (double)Stopwatch.Frequency), Micros(0.5), Micros(0.99));
    }
}
