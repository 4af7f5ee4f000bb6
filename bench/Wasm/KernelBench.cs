using System.Diagnostics;
using System.Globalization;
using Wetware.Wasm;

namespace Wetware.Bench.Wasm;

/// <summary>Kernels that clang compiled, here and under V8 in turns, and native. Fails if a result is wrong.</summary>
internal static class KernelBench
{
    private const int Turns = 4;
    private const int Rounds = 4;
    private const string Hash = "k_sha";

    public static int Run(bool smoke)
    {
        if (Kernels.Module(out var reason) is not { } module)
        {
            Console.WriteLine("skipped: " + reason);
            return 0;
        }

        var ours = new Dictionary<string, double>();
        var theirs = new Dictionary<string, double>();
        var failed = 0;
        for (var turn = 0; turn < (smoke ? 1 : Turns); turn++)
        {
            // New code each turn: where it lies in memory decides a few per cent.
            failed += Ours(module, smoke ? 1 : Rounds, ours);
            if (!smoke)
            {
                Best(theirs, NodeRun.Kernels(module, Rounds));
            }
        }

        Compare(ours, theirs);
        if (!smoke && NativeRun.Kernels(Turns * Rounds).TryGetValue(Hash, out var native))
        {
            var argument = Array.Find(Kernels.All, static kernel => kernel.Name == Hash).Argument;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"hash puzzle: {argument / ours[Hash] / 1000:0.00} MH/s in the guest, {argument / native / 1000:0.00} MH/s native (gcc -O2): {native / ours[Hash]:0.00} x, goal 0.8"));
        }

        return failed == 0 ? 0 : 1;
    }

    private static int Ours(byte[] module, int rounds, Dictionary<string, double> best)
    {
        var failed = 0;
        using var store = new Store(new StoreOptions { MemoryPagesMax = 4096 });
        var instance = Instance.Create(store, CompiledModule.Compile(module), new Imports());
        foreach (var (name, argument, expected) in Kernels.All)
        {
            var kernel = Kernels.Bind(instance, name);
            for (var i = 0; i < rounds; i++)
            {
                var start = Stopwatch.GetTimestamp();
                var result = kernel(argument);
                Best(best, name, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                if (i == 0 && Math.Abs(result - expected) > Math.Abs(expected) * 1e-12)
                {
                    Console.WriteLine($"{name}: {result} is wrong, {expected} is right");
                    failed++;
                }
            }
        }

        return failed;
    }

    private static void Best(Dictionary<string, double> best, Dictionary<string, double> times)
    {
        foreach (var (name, time) in times)
        {
            Best(best, name, time);
        }
    }

    private static void Best(Dictionary<string, double> best, string name, double time) => best[name] = Math.Min(best.GetValueOrDefault(name, double.MaxValue), time);

    private static void Compare(Dictionary<string, double> ours, Dictionary<string, double> theirs)
    {
        var (product, count) = (1.0, 0);
        Console.WriteLine($"{"kernel",-10} {"ours ms",10} {"V8 ms",10} {"ratio",7}");
        foreach (var (name, mine) in ours)
        {
            if (theirs.TryGetValue(name, out var other))
            {
                product *= mine / other;
                count++;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-10} {mine,10:0.00} {other,10:0.00} {mine / other,7:0.00}"));
            }
            else
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-10} {mine,10:0.00} {"-",10} {"-",7}"));
            }
        }

        if (count > 0)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"geomean",-10} {"",10} {"",10} {Math.Pow(product, 1.0 / count),7:0.00}"));
        }
    }
}
