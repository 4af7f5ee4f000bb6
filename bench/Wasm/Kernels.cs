using System.Diagnostics;
using Wetware.Wasm;

namespace Wetware.Bench.Wasm;

/// <summary>The kernels, with the arguments that all engines are given and the results that all must give.</summary>
internal static class Kernels
{
    public static readonly (string Name, uint Argument, double Result)[] All =
    [
        ("k_fib", 36, 14930352), ("k_sha", 400_000, 533516501), ("k_mat", 6, -107470708.36363636), ("k_sort", 2, 2072752781), ("k_sieve", 4, 2256652),
        ("k_ind", 50_000_000, 2783152493), ("k_clz", 1_000_000, 837799),
    ];

    /// <summary>The kernels in C.</summary>
    public static string Source { get; } = Path.GetFullPath(Path.Combine(Directory.GetCurrentDirectory(), "..", "shared", "bench", "wasm-kernels.c"));

    /// <summary>
    /// The kernels compiled by clang -O2 from the source that is shared with the rivals and lies beside the repository; null, with a
    /// reason, where that source or clang is absent.
    /// </summary>
    public static byte[]? Module(out string reason)
    {
        reason = $"{Source} is absent";
        if (!File.Exists(Source))
        {
            return null;
        }

        var output = Path.GetTempFileName();
        try
        {
            string[] arguments =
                ["--target=wasm32-wasi", "-O2", "-nostartfiles", "-Wl,--no-entry", "-Wl,--strip-all", "-o", output, Source];
            using var clang = Process.Start(new ProcessStartInfo("clang", arguments));
            clang!.WaitForExit();
            reason = $"clang ended with {clang.ExitCode}; it needs lld and wasi-libc";
            return clang.ExitCode == 0 ? File.ReadAllBytes(output) : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            reason = "clang is not installed";
            return null;
        }
        finally
        {
            File.Delete(output);
        }
    }

    /// <summary>A kernel of an instance, its result as a double.</summary>
    public static Func<uint, double> Bind(Instance instance, string name)
    {
        if (name == "k_mat")
        {
            return instance.Function<Func<uint, double>>(name)!;
        }

        var kernel = instance.Function<Func<uint, uint>>(name)!;
        return argument => kernel(argument);
    }
}
