using System.CommandLine;
using Wetware.Tooling;

namespace Wetware.Bench.Wasm;

/// <summary>The engine, part by part, beside node's V8 and native code in the same run where node and gcc are installed.</summary>
internal static class WasmBench
{
    private static readonly (string Name, Func<bool, int> Run)[] Parts =
    [
        ("kernels", KernelBench.Run), ("start", StartBench.Run), ("border", BorderBench.Run), ("waiting", WaitingBench.Run),
    ];

    public static Command Command()
    {
        var smoke = new SmokeOption();
        var names = new Argument<string[]>("part") { Description = "Which parts; all if absent." }.AcceptOnlyFromAmong([.. Parts.Select(static part => part.Name)]);
        var cold = new Option<string>("--cold") { Hidden = true };
        var command = new Command("wasm", "The WebAssembly engine beside node's V8: kernels, compile times, instances, calls across the border.") { names, smoke, cold };
        command.SetAction(parsed => parsed.GetValue(cold) is { } path ? StartBench.Cold(path) : Run(parsed.GetValue(names)!, parsed.GetValue(smoke)));
        return command;
    }

    private static int Run(string[] names, bool smoke)
    {
        var failed = 0;
        foreach (var (name, run) in Parts.Where(part => names.Length == 0 || names.Contains(part.Name)))
        {
            Console.WriteLine($"-- wasm {name}");
            failed += run(smoke);
        }

        return failed == 0 ? 0 : 1;
    }
}
