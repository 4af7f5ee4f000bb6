using System.Diagnostics;
using System.Globalization;
using Wetware.Wasm;
using Wetware.Wasm.Wasi;

namespace Wetware.Bench.Wasm;

/// <summary>What it takes until a program runs: compiling it in a new process, finding it compiled, making an instance.</summary>
internal static class StartBench
{
    private const int Instances = 500;

    // Everything compiled before the module is usable, by the optimising compiler, as here.
    private static readonly string[] s_eager = ["--no-wasm-lazy-compilation", "--no-liftoff"];

    private const string Script = """
        const bytes = require('fs').readFileSync(process.argv[1]);
        let start = performance.now();
        const module = new WebAssembly.Module(bytes);
        console.log(performance.now() - start);
        const imports = {};
        for (const i of WebAssembly.Module.imports(module)) (imports[i.module] ??= {})[i.name] = () => 0;
        const times = [];
        for (let i = 0; i < 200; i++) {
          start = performance.now();
          new WebAssembly.Instance(module, imports);
          times.push(performance.now() - start);
        }
        times.sort((a, b) => a - b);
        console.log(times[100] * 1000);
        """;

    public static int Run(bool smoke)
    {
        Console.WriteLine($"{"module",-22} {"KB",6} {"cold ms",8} {"first run",9} {"V8 eager",8} {"V8 lazy",8} {"cached ms",9} {"instance us",11} {"V8 us",6} {"unoptimised",11}");
        Row("border", BorderModule.Bytes, smoke);
        if (smoke)
        {
            return 0;
        }

        if (RealModules.Rust() is { } rust)
        {
            Row("Rust hello, WASI", rust, smoke);
        }

        Row("Go, WASI", RealModules.Go(), smoke);
        return 0;
    }

    /// <summary>In a new process: compiles a module, and runs it if it is a program for WASI; says how many milliseconds that took.</summary>
    public static int Cold(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var start = Stopwatch.GetTimestamp();
        var module = CompiledModule.Compile(bytes);
        Console.WriteLine(Stopwatch.GetElapsedTime(start).TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
        if (module.Imports.Any(static import => import.Module == WasiProcess.ModuleName))
        {
            start = Stopwatch.GetTimestamp();
            using var store = new Store();
            using var wasi = new WasiProcess(new WasiOptions());
            _ = WasiProcess.Run(Instance.Create(store, module, wasi.Define(new Imports())));
            Console.WriteLine(Stopwatch.GetElapsedTime(start).TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
        }

        return 0;
    }

    private static void Row(string name, byte[] bytes, bool smoke)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, bytes);
            double[] cold = smoke ? [] : Best(() => NativeRun.Output(Environment.ProcessPath!, [typeof(StartBench).Assembly.Location, "wasm", "--cold", path])?.Split('\n'));
            double[] eager = smoke ? [] : Best(() => NodeRun.Lines(Script, [path], s_eager));
            double[] lazy = smoke ? [] : Best(() => NodeRun.Lines(Script, [path]));
            var cache = new ModuleCache(1L << 30);
            var module = cache.Get(bytes);
            var start = Stopwatch.GetTimestamp();
            _ = cache.Get(bytes);
            var cached = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            var instance = MedianInstance(module, smoke ? 5 : Instances);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-22} {bytes.Length / 1024,6} {Show(cold, 0),8} {Show(cold, 1),9} {Show(eager, 0),8} {Show(lazy, 0),8} {cached,9:0.00} {instance,11:0.0} {Show(lazy, 1),6} {module.UnoptimisedFunctions.Count,11}"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Microseconds from nothing to an instance with its memory, without a thread and without WASI.</summary>
    private static double MedianInstance(CompiledModule module, int count)
    {
        var imports = module.Imports.Any(static import => import.Module == WasiProcess.ModuleName)
            ? new WasiProcess(new WasiOptions()).Define(new Imports())
            : module.Imports.Any(static import => import.Name == "add") ? BorderModule.Imports() : RealModules.Stubs(module);
        var times = new double[count];
        for (var i = 0; i < count; i++)
        {
            var start = Stopwatch.GetTimestamp();
            using var store = new Store();
            _ = Instance.Create(store, module, imports);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        Array.Sort(times);
        return times[count / 2];
    }

    private static double[] Best(Func<string[]?> run)
    {
        double[] best = [];
        for (var i = 0; i < 3; i++)
        {
            var said = Array.ConvertAll(Array.FindAll(run() ?? [], static line => line.Length > 0), static line => double.Parse(line, CultureInfo.InvariantCulture));
            best = best.Length == 0 ? said : [.. best.Zip(said, Math.Min)];
        }

        return best;
    }

    private static string Show(double[] values, int index) => index < values.Length ? values[index].ToString("0.0", CultureInfo.InvariantCulture) : "-";
}
