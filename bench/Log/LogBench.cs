using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Wetware.Core;
using Wetware.Raft.Log.Files;
using Wetware.Raft.Log;
using Wetware.Raft;
using Wetware.Tooling;

namespace Wetware.Bench.Log;

/// <summary>
/// The write-ahead log against its goals: append with checksum, recovery scan, and how much of the raw disk's syncs it uses. Bytes allocated are a
/// gate; time is reported. Each part checks that what it measured is right.
/// </summary>
internal static class LogBench
{
    // Many short runs, of which the best counts: others use the machine too.
    private const int Runs = 20;

    private static readonly LogOptions Options = new() { Identity = new(1, new(1), 1) };

    public static Command Command() => SmokeOption.Command("log", "The write-ahead log: append, recovery, and syncs against the raw disk.", Run);

    private static int Run(bool isSmoke)
    {
        var folder = Directory.CreateTempSubdirectory("ww-bench-log-").FullName;
        var isRight = true;
        try
        {
            Console.WriteLine("| what | goal | ours |");
            Console.WriteLine("| --- | --- | --- |");
            foreach (var batch in (int[])[64, 1024])
            {
                isRight &= Append(Path.Combine(folder, "append" + batch), batch, isSmoke);
            }

            foreach (var bytes in (int[])[16, 256, 4096])
            {
                isRight &= Scan(Path.Combine(folder, "scan" + bytes), bytes, (isSmoke ? 4 << 20 : 256 << 20) / (bytes + 96));
            }

            isRight &= Scan(Path.Combine(folder, "million"), 16, isSmoke ? 10_000 : 1_000_000);

            isRight &= SyncBench.Run(Path.Combine(folder, "sync"), Options, isSmoke);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return isRight ? 0 : 1;
    }

    /// <summary>Entries of 16 bytes, appended, checksummed, written to the file (not synced) and compacted in step; bytes allocated must be none.</summary>
    private static bool Append(string folder, int batch, bool isSmoke)
    {
        using var log = WriteAheadLog.Open(new UnsyncedFileSystem(folder), Options);
        var group = log.Group(new(1));
        var payload = new byte[16];
        var entries = new Entry[batch];
        var rounds = (isSmoke ? 65_536 : 262_144) / batch;
        var best = double.MaxValue;
        var encodeOnly = double.MaxValue;
        long allocated = 0;
        for (var run = 0; run < Runs; run++)
        {
            var clock = new Stopwatch();
            var encode = new Stopwatch();
            allocated = 0;
            for (var round = 0; round < rounds; round++)
            {
                for (var i = 0; i < batch; i++)
                {
                    entries[i] = new(new(1), group.LastIndex + (ulong)(i + 1), EntryType.Normal, payload);
                }

                var before = GC.GetAllocatedBytesForCurrentThread();
                var segments = log.SegmentCount;
                clock.Start();
                encode.Start();
                group.Append(entries);
                encode.Stop();
                log.Commit();
                clock.Stop();
                allocated += log.SegmentCount == segments ? GC.GetAllocatedBytesForCurrentThread() - before : 0;
                if (round % 64 == 63)
                {
                    group.Compact(new(group.LastIndex.Value - 1));
                    log.Commit();
                    log.Reclaim();
                }
            }

            best = Math.Min(best, clock.Elapsed.TotalNanoseconds / rounds / batch);
            encodeOnly = Math.Min(encodeOnly, encode.Elapsed.TotalNanoseconds / rounds / batch);
        }

        Print(
            $"append 16 B incl. CRC and write, batches of {batch}",
            "150 ns, 0 B",
            string.Create(CultureInfo.InvariantCulture, $"{best:0.0} ns (encoding alone {encodeOnly:0.0}), {allocated} B in {rounds * batch} appends of the last run, {(group.LastIndex.Value == (ulong)rounds * (ulong)batch * Runs ? "right" : "WRONG")}"));
        return allocated == 0 && group.LastIndex.Value == (ulong)rounds * (ulong)batch * Runs;
    }

    /// <summary>Opens a folder whose files are in the kernel's cache, so that the scan and not the disk is measured.</summary>
    private static bool Scan(string folder, int bytes, int count)
    {
        var @fixed = OpenTime(folder + "-empty");
        Fill(folder, bytes, count);
        var best = double.MaxValue;
        var isRight = true;
        RecoveryReport report = new();
        for (var run = 0; run < 4; run++)
        {
            var start = Stopwatch.GetTimestamp();
            using var log = WriteAheadLog.Open(new UnsyncedFileSystem(folder), Options);
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            isRight &= log.Group(new(1)).LastIndex.Value == (ulong)count && !log.Group(new(1)).HasUnknown;
            if (seconds < best)
            {
                (best, report) = (seconds, log.Recovery);
            }
        }

        Print(
            $"restart with {count} entries of {bytes} B, whole time",
            "1.5 GB/s; 1 M entries in 1 s",
            string.Create(CultureInfo.InvariantCulture, $"{report.Bytes / best / 1e9:0.00} GB/s, {best * 1000:0} ms for {report.Bytes >> 20} MiB ({report.Bytes / Math.Max(best - @fixed, 1e-9) / 1e9:0.00} GB/s without the {@fixed * 1000:0} ms that opening an empty log takes), {(isRight ? "right" : "WRONG")}"));
        return isRight;
    }

    private static double OpenTime(string folder)
    {
        WriteAheadLog.Open(new UnsyncedFileSystem(folder), Options).Dispose();
        var best = double.MaxValue;
        for (var run = 0; run < 4; run++)
        {
            var start = Stopwatch.GetTimestamp();
            using var log = WriteAheadLog.Open(new UnsyncedFileSystem(folder), Options);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }

    private static void Fill(string folder, int bytes, int count)
    {
        using var log = WriteAheadLog.Open(new UnsyncedFileSystem(folder), Options);
        var group = log.Group(new(1));
        var payload = new byte[bytes];
        new Prng(1).Fill(payload);
        for (var i = 1; i <= count; i++)
        {
            group.Append([new(new(1), new((ulong)i), EntryType.Normal, payload)]);
            if (i % 256 == 0)
            {
                log.Commit();
            }
        }

        log.Commit();
    }

    internal static void Print(string what, string goal, string ours) => Console.WriteLine($"| {what} | {goal} | {ours} |");
}
