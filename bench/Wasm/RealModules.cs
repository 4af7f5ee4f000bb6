using Wetware.Wasm;

namespace Wetware.Bench.Wasm;

/// <summary>Programs of the size that users have, built by the compilers that are installed.</summary>
internal static class RealModules
{
    private const string RustSource = """fn main() { println!("hello {:?}", std::env::args().collect::<Vec<_>>()); }""";
    private const string GoSource = "package main\nimport \"fmt\"\nfunc main() { fmt.Println(\"hello\") }\n";

    /// <summary>Debian's compiler, whose package brings the library for WebAssembly; where it is elsewhere, the one on the path.</summary>
    private const string DebianRustc = "/usr/bin/rustc";

    /// <summary>About 80 KB: a Rust program for WASI.</summary>
    public static byte[]? Rust() => Build("rs", RustSource, static (source, output) =>
        (File.Exists(DebianRustc) ? DebianRustc : "rustc", ["-O", "-C", "strip=symbols", "--target", "wasm32-wasi", "-o", output, source]));

    /// <summary>About 2 MB: Go's "hello world". For a browser's host, not WASI's: Go before 1.21 has only that, and its code is the same.</summary>
    public static byte[]? Go() => Build("go", GoSource, static (source, output) =>
        ("env", ["GOOS=js", "GOARCH=wasm", "GO111MODULE=off", "go", "build", "-o", output, source]));

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
