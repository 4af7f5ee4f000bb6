using System.Diagnostics;
using System.Globalization;
using Wetware.Wasm;

namespace Wetware.Bench.Wasm;

/// <summary>Calls between host and guest, and how soon a guest stops that is told to. Fails if a call allocates or gives a wrong result.</summary>
internal static class BorderBench
{
    private const string Script = """
        const add = (a, b) => (a + b) | 0;
        const module = new WebAssembly.Module(Buffer.from(process.argv[1], 'base64'));
        const guest = new WebAssembly.Instance(module, { host: { add } }).exports;
        const n = 20000000;
        const best = run => { let t = 1e99; for (let i = 0; i < 5; i++) { const s = performance.now(); run(); t = Math.min(t, performance.now() - s); } return t * 1e6 / n; };
        console.log(best(() => guest.calls(n)));
        console.log(best(() => { let sum = 0; for (let i = 0; i < n; i++) sum = guest.add(sum, i); return sum; }));
        """;

    public static int Run(bool smoke)
    {
        var calls = smoke ? 10_000 : 20_000_000;
        using var store = new Store();
        var instance = Instance.Create(store, CompiledModule.Compile(BorderModule.Bytes), BorderModule.Imports());
        var loop = instance.Function<Func<int, int>>("calls")!;
        var add = instance.Function<Func<int, int, int>>("add")!;
        var expected = 0;
        for (var i = calls; i > 0; i--)
        {
            expected += i;
        }

        var (host, hostBytes, hostSum) = Best(() => loop(calls), calls);
        var (guest, guestBytes, guestSum) = Best(
            () =>
            {
                var sum = 0;
                for (var i = 1; i <= calls; i++)
                {
                    sum = add(sum, i);
                }

                return sum;
            },
            calls);
        string[] theirs = smoke ? [] : NodeRun.Lines(Script, [Convert.ToBase64String(BorderModule.Bytes)]);
        Row("host call from guest", host, hostBytes, theirs, 0);
        Row("guest call from host", guest, guestBytes, theirs, 1);
        var stop = WorstStop(smoke ? 2 : 50);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"running guest stops after {stop:0.000} ms at most, goal 10"));
        var isRight = hostSum == expected && guestSum == expected && hostBytes == 0 && guestBytes == 0;
        Console.WriteLine(isRight ? "results are right, nothing allocated" : "WRONG result, or something allocated");
        return isRight ? 0 : 1;
    }

    private static void Row(string name, double nanoseconds, long bytes, string[] theirs, int index)
    {
        var other = index < theirs.Length ? double.Parse(theirs[index], CultureInfo.InvariantCulture).ToString("0.0", CultureInfo.InvariantCulture) : "-";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-22} {nanoseconds,6:0.0} ns {bytes,3} B, goal 15 ns 0 B; V8 {other} ns"));
    }

    private static (double Nanoseconds, long Bytes, int Result) Best(Func<int> run, int calls)
    {
        var result = run();
        var (best, bytes) = (double.MaxValue, long.MaxValue);
        for (var i = 0; i < 5; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            _ = run();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds / calls);
            bytes = Math.Min(bytes, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return (best, bytes, result);
    }

    /// <summary>Milliseconds from the interrupt until the guest's thread knows.</summary>
    private static double WorstStop(int count)
    {
        var module = CompiledModule.Compile(BorderModule.Bytes);
        var worst = 0.0;
        for (var i = 0; i < count; i++)
        {
            using var store = new Store();
            using var running = new ManualResetEventSlim();
            var spin = Instance.Create(store, module, BorderModule.Imports()).Function<Action>("spin")!;
            long stopped = 0;
            var thread = GuestThread.Create(
                () =>
                {
                    running.Set();
                    try
                    {
                        spin();
                    }
                    catch (TrapException)
                    {
                        stopped = Stopwatch.GetTimestamp();
                    }
                },
                store.Options);
            thread.Start();
            running.Wait();
            Thread.Sleep(2);
            var start = Stopwatch.GetTimestamp();
            store.Interrupt();
            thread.Join();
            worst = Math.Max(worst, Stopwatch.GetElapsedTime(start, stopped).TotalMilliseconds);
        }

        return worst;
    }
}
