using System.Diagnostics;
using System.Globalization;
using Wetware.Wasm;

namespace Wetware.Bench.Wasm;

/// <summary>The engine beside node's V8 in the same run: kernels, compile times, instances, calls across the border.</summary>
internal static class WasmBench
{
    public static readonly string[] Smoke = ["--smoke"];

    public static int Run(string[] args)
    {
        var smoke = args.Contains("--smoke");
        var rounds = smoke ? 1 : 5;
        if (Kernels.Module(out var reason) is not { } module)
        {
            Console.WriteLine("skipped: " + reason);
            return 0;
        }

        var failed = 0;
        var ours = new Dictionary<string, double>();
        using (var store = new Store(new StoreOptions { MemoryPagesMax = 4096 }))
        {
            var instance = Instance.Create(store, CompiledModule.Compile(module), new Imports());
            foreach (var (name, argument, expected) in Kernels.All)
            {
                if (args.Length > 0 && !smoke && !args.Contains(name))
                {
                    continue;
                }

                var kernel = Kernels.Bind(instance, name);
                var best = double.MaxValue;
                var result = 0.0;
                for (var i = 0; i < rounds; i++)
                {
                    var start = Stopwatch.GetTimestamp();
                    var value = kernel(argument);
                    result = i == 0 ? value : result;
                    best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }

                ours[name] = best;
                if (Math.Abs(result - expected) > Math.Abs(expected) * 1e-12)
                {
                    Console.WriteLine($"{name}: {result} is wrong, {expected} is right");
                    failed++;
                }
            }
        }

        Compare(ours, smoke ? [] : NodeRun.Kernels(module, rounds));
        return failed == 0 ? 0 : 1;
    }

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
