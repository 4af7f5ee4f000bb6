using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Wetware.Bench.Wasm;

/// <summary>Runs scripts under node, where it is installed.</summary>
internal static class NodeRun
{
    private const string KernelScript = """
        const fs = require('fs');
        const instance = new WebAssembly.Instance(new WebAssembly.Module(fs.readFileSync(process.argv[1])), {});
        const rounds = Number(process.argv[2]);
        for (const pair of process.argv.slice(3)) {
          const [name, argument] = pair.split('=');
          let best = 1e99;
          for (let i = 0; i < rounds; i++) {
            const start = performance.now();
            instance.exports[name](Number(argument));
            best = Math.min(best, performance.now() - start);
          }
          console.log(name + ' ' + best);
        }
        """;

    /// <summary>The best time of each kernel in milliseconds; empty where node is not installed.</summary>
    public static Dictionary<string, double> Kernels(byte[] module, int rounds)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, module);
            string[] arguments = [path, rounds.ToString(CultureInfo.InvariantCulture), .. Wasm.Kernels.All.Select(static kernel => $"{kernel.Name}={kernel.Argument}")];
            return Lines(KernelScript, arguments).Select(static line => line.Split(' '))
                .ToDictionary(static part => part[0], static part => double.Parse(part[1], CultureInfo.InvariantCulture));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>What a script prints, line by line; nothing where node is not installed.</summary>
    public static string[] Lines(string script, string[] arguments, params string[] options)
    {
        try
        {
            using var node = Process.Start(new ProcessStartInfo("node", [.. options, "-e", script, .. arguments]) { RedirectStandardOutput = true, UseShellExecute = false })!;
            var output = node.StandardOutput.ReadToEnd();
            node.WaitForExit();
            return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Win32Exception)
        {
            Console.WriteLine("node is not installed: nothing to compare with");
            return [];
        }
    }
}
