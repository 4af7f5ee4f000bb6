using System.Diagnostics;
using System.Globalization;

namespace Wetware.Bench.Rpc;

/// <summary>The loads of the comparison, each checked for the right answers.</summary>
internal static class Loads
{
    public const string Usage = "ping N | conc OUTSTANDING N | chain N | chainwait N | echo SIZE N | stream SIZE BYTES | put SIZE BYTES WINDOW";

    /// <summary>Until then the runtime compiles again, on the same core, what it has seen to be hot.</summary>
    public static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(3);

    /// <summary>Runs one.</summary>
    /// <param name="bench">Where.</param>
    /// <param name="load">As on the command line.</param>
    /// <param name="warmUp">How long it runs unmeasured before.</param>
    /// <exception cref="FormatException">The arguments name none.</exception>
    public static async Task<Report> RunAsync(Generated.Bench.Client bench, string[] load, TimeSpan warmUp)
    {
        switch (load)
        {
            case ["ping", var n]:
                await WarmUpAsync(warmUp, () => PingAsync(bench, 1000, null));
                return await TimedAsync(Number(n), latencies => PingAsync(bench, Number(n), latencies));
            case ["conc", var outstanding, var n]:
                await WarmUpAsync(warmUp, () => ConcurrentAsync(bench, (int)Number(outstanding), 10_000));
                return await TimedAsync(Number(n), _ => ConcurrentAsync(bench, (int)Number(outstanding), Number(n)));
            case ["chain", var n]:
                await WarmUpAsync(warmUp, () => ChainAsync(bench, 500, null));
                return await TimedAsync(Number(n), latencies => ChainAsync(bench, Number(n), latencies));
            case ["chainwait", var n]:
                await WarmUpAsync(warmUp, () => ChainWaitAsync(bench, 500, null));
                return await TimedAsync(Number(n), latencies => ChainWaitAsync(bench, Number(n), latencies));
            case ["echo", var size, var n]:
                await WarmUpAsync(warmUp, () => EchoAsync(bench, (int)Number(size), 100, null));
                return await TimedAsync(Number(n), latencies => EchoAsync(bench, (int)Number(size), Number(n), latencies));
            case ["stream", var size, var bytes]:
                await WarmUpAsync(warmUp, () => StreamAsync(bench, (int)Number(size), Number(bytes) / 100));
                return (await TimedAsync(1, _ => StreamAsync(bench, (int)Number(size), Number(bytes)))) with { Bytes = Number(bytes) };
            case ["put", var size, var bytes, var window]:
                await WarmUpAsync(warmUp, () => PutAsync(bench, (int)Number(size), Number(bytes) / 100, (int)Number(window)));
                return (await TimedAsync(1, _ => PutAsync(bench, (int)Number(size), Number(bytes), (int)Number(window)))) with { Bytes = Number(bytes) };
            default:
                throw new FormatException($"there is no load '{string.Join(' ', load)}', only: {Usage}");
        }
    }

    private static async Task WarmUpAsync(TimeSpan time, Func<Task> some)
    {
        var started = Stopwatch.GetTimestamp();
        do
        {
            await some();
        }
        while (Stopwatch.GetElapsedTime(started) < time);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static async Task<Report> TimedAsync(long operations, Func<List<long>, Task> run)
    {
        var latencies = new List<long>(operations <= 10_000_000 ? (int)operations : 0);
        var started = Stopwatch.GetTimestamp();
        await run(latencies);
        var elapsed = Stopwatch.GetElapsedTime(started);
        latencies.Sort();
        return new Report(operations, elapsed, latencies, 0);
    }

    private static async Task PingAsync(Generated.Bench.Client bench, long count, List<long>? latencies)
    {
        for (ulong i = 0; i < (ulong)count; i++)
        {
            var started = Stopwatch.GetTimestamp();
            using var answer = bench.Ping(i);
            Expect((await answer).X == i);
            latencies?.Add(Stopwatch.GetTimestamp() - started);
        }
    }

    private static async Task ConcurrentAsync(Generated.Bench.Client bench, int outstanding, long count)
    {
        var tasks = new Task[outstanding];
        var left = new long[] { count };
        for (var i = 0; i < outstanding; i++)
        {
            tasks[i] = WorkAsync(bench, left);
        }

        await Task.WhenAll(tasks);

        static async Task WorkAsync(Generated.Bench.Client bench, long[] left)
        {
            while (Interlocked.Decrement(ref left[0]) is >= 0 and var i)
            {
                using var answer = bench.Ping((ulong)i);
                Expect((await answer).X == (ulong)i);
            }
        }
    }

    private static async Task ChainAsync(Generated.Bench.Client bench, long count, List<long>? latencies)
    {
        for (ulong i = 0; i < (ulong)count; i++)
        {
            var started = Stopwatch.GetTimestamp();
            using var one = bench.Next();
            using var two = one.Pipeline.Node.Next();
            using var pong = two.Pipeline.Node.Ping(i);
            Expect((await pong).X == i);
            latencies?.Add(Stopwatch.GetTimestamp() - started);
        }
    }

    private static async Task ChainWaitAsync(Generated.Bench.Client bench, long count, List<long>? latencies)
    {
        for (ulong i = 0; i < (ulong)count; i++)
        {
            var started = Stopwatch.GetTimestamp();
            using var one = bench.Next();
            using var two = (await one).Node.Next();
            using var pong = (await two).Node.Ping(i);
            Expect((await pong).X == i);
            latencies?.Add(Stopwatch.GetTimestamp() - started);
        }
    }

    private static async Task EchoAsync(Generated.Bench.Client bench, int size, long count, List<long>? latencies)
    {
        var data = new byte[size];
        new Random(size).NextBytes(data);
        for (var i = 0; i < count; i++)
        {
            var started = Stopwatch.GetTimestamp();
            using var answer = bench.Echo(data);
            Expect((await answer).Data.Span.Length == size);
            latencies?.Add(Stopwatch.GetTimestamp() - started);
        }
    }

    private static async Task StreamAsync(Generated.Bench.Client bench, int size, long bytes)
    {
        var data = new byte[size];
        var calls = Math.Max(1, bytes / size);
        for (long i = 0; i < calls; i++)
        {
            await bench.WriteAsync(data);
        }

        await DoneAsync(bench, calls, size);
    }

    private static async Task PutAsync(Generated.Bench.Client bench, int size, long bytes, int window)
    {
        var data = new byte[size];
        var calls = Math.Max(1, bytes / size);
        var left = new[] { calls };
        var tasks = new Task[window];
        for (var i = 0; i < window; i++)
        {
            tasks[i] = WorkAsync(bench, data, left);
        }

        await Task.WhenAll(tasks);
        await DoneAsync(bench, calls, size);

        static async Task WorkAsync(Generated.Bench.Client bench, byte[] data, long[] left)
        {
            while (Interlocked.Decrement(ref left[0]) >= 0)
            {
                using var answer = bench.Put(data);
                await answer;
            }
        }
    }

    private static async Task DoneAsync(Generated.Bench.Client bench, long calls, int size)
    {
        using var done = bench.Done();
        var totals = await done;
        Expect(totals.Calls == (ulong)calls && totals.Bytes == (ulong)(calls * size));
    }

    private static void Expect(bool holds)
    {
        if (!holds)
        {
            throw new InvalidOperationException("the server gave a wrong answer");
        }
    }
}
