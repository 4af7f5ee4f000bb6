using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Wetware.Bench.Wasm;

/// <summary>Runs the kernels as native code, where gcc is installed.</summary>
internal static class NativeRun
{
    /// <summary>The best time of each kernel in milliseconds; empty where gcc or the source is absent.</summary>
    public static Dictionary<string, double> Kernels(int rounds)
    {
        var times = new Dictionary<string, double>();
        var program = Path.GetTempFileName();
        try
        {
            if (!File.Exists(Wasm.Kernels.Source) || Output("gcc", ["-O2", "-o", program, Wasm.Kernels.Source]) is null)
            {
                return times;
            }

            foreach (var line in Output(program, [rounds.ToString(CultureInfo.InvariantCulture)])?.Split('\n') ?? [])
            {
                var name = line.Split(' ')[0];
                var at = line.LastIndexOf('=');
                if (at > 0)
                {
                    times["k_" + name] = double.Parse(line[(at + 1)..], CultureInfo.InvariantCulture);
                }
            }

            return times;
        }
        finally
        {
            File.Delete(program);
        }
    }

    /// <summary>What a program prints; null, with a word about it, where it is not installed or fails.</summary>
    public static string? Output(string program, string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode == 0)
            {
                return output;
            }

            Console.WriteLine($"{program} ended with {process.ExitCode}");
            return null;
        }
        catch (Win32Exception)
        {
            Console.WriteLine($"{program} is not installed: nothing to compare with");
            return null;
        }
    }
}
