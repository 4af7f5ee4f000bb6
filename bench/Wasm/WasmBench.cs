namespace Wetware.Bench.Wasm;

/// <summary>The engine, part by part, beside node's V8 and native code in the same run where node and gcc are installed.</summary>
internal static class WasmBench
{
    public static readonly string[] Smoke = ["--smoke"];

    private static readonly (string Name, Func<bool, int> Run)[] Parts =
    [
        ("kernels", KernelBench.Run), ("start", StartBench.Run), ("border", BorderBench.Run), ("waiting", WaitingBench.Run),
    ];

    public static int Run(string[] args)
    {
        if (args is ["--cold", var path])
        {
            return StartBench.Cold(path);
        }

        var smoke = args.Contains("--smoke");
        var chosen = Array.FindAll(Parts, part => Array.TrueForAll(args, static arg => arg == "--smoke") || args.Contains(part.Name));
        if (chosen.Length == 0)
        {
            Console.Error.WriteLine($"bench wasm: there are the parts {string.Join(", ", Parts.Select(static part => part.Name))}");
            return 2;
        }

        var failed = 0;
        foreach (var (name, run) in chosen)
        {
            Console.WriteLine($"-- wasm {name}");
            failed += run(smoke);
        }

        return failed == 0 ? 0 : 1;
    }
}
