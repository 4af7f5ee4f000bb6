using System.IO.Compression;
using Wetware.Wasm;

namespace Wetware.Bench.Wasm;

/// <summary>Programs of the size that users have, built by the compilers that are installed.</summary>
internal static class RealModules
{
    private const string RustSource = """fn main() { println!("hello {:?}", std::env::args().collect::<Vec<_>>()); }""";

    /// <summary>Debian's compiler, whose package brings the library for WebAssembly; where it is elsewhere, the one on the path.</summary>
    private const string DebianRustc = "/usr/bin/rustc";

    /// <summary>About 80 KB: a Rust program for WASI.</summary>
    public static byte[]? Rust() => Build("rs", RustSource, static (source, output) =>
        (File.Exists(DebianRustc) ? DebianRustc : "rustc", ["-O", "-C", "strip=symbols", "--target", "wasm32-wasi", "-o", output, source]));

    /// <summary>About 2 MB: the Go program that the tests run, with the whole runtime of Go 1.23 for WASI.</summary>
    public static byte[] Go()
    {
        using var resource = typeof(RealModules).Assembly.GetManifestResourceStream("go.wasm.br")!;
        using var unpacking = new BrotliStream(resource, CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        unpacking.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>Functions that do nothing for all that a module imports: enough to make instances of it.</summary>
    public static Imports Stubs(CompiledModule module)
    {
        var imports = new Imports();
        foreach (var (from, name, kind) in module.Imports)
        {
            if (kind == ExternKind.Function)
            {
                imports.Function(from, name, static (int _) => { });
            }
        }

        return imports;
    }

    private static byte[]? Build(string extension, string text, Func<string, string, (string Program, string[] Arguments)> command)
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var source = Path.Combine(folder.FullName, "main." + extension);
            var output = Path.Combine(folder.FullName, "main.wasm");
            File.WriteAllText(source, text);
            var (program, arguments) = command(source, output);
            return NativeRun.Output(program, arguments) is null || !File.Exists(output) ? null : File.ReadAllBytes(output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
