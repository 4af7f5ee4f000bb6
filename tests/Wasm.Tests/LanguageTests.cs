using System.Diagnostics;
using System.Text;
using Wetware.Testing;
using Wetware.Wasm.Wasi;

namespace Wetware.Wasm.Tests;

/// <summary>Programs of other languages run unchanged: each prints what it sees of its host, and all see the same.</summary>
public class LanguageTests
{
    private const string Expected = """
        arguments: one|two words|drei
        env: hello
        in: first line|second line
        file: one=1 three=3 two=2
        up: refused
        not granted: refused
        clocks: true

        """;

    public static TheoryData<string> Languages() => ["rust", "cpp", "assemblyscript", "go"];

    [Theory]
    [MemberData(nameof(Languages))]
    public void A_program_sees_arguments_environment_input_files_clocks_and_nothing_else(string language)
    {
        var top = Directory.CreateTempSubdirectory();
        try
        {
            File.WriteAllText(Path.Combine(top.FullName, "secret"), "do not read");
            using var output = new MemoryStream();
            using var error = new MemoryStream();
            using var process = new WasiProcess(new WasiOptions
            {
                Arguments = [language, "one", "two words", "drei"],
                Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["GREETING"] = "hello" },
                Preopens = [new Preopen("/data", top.CreateSubdirectory("data").FullName, true)],
                Input = new MemoryStream(Encoding.UTF8.GetBytes("first line\nsecond line\n")),
                Output = output,
                Error = error,
            });
            var instance = Guests.Instantiate(Guests.Program(language), imports: process.Define(new Imports()));
            Assert.Equal(42u, WasiProcess.Run(instance));
            Assert.Equal(Expected, Encoding.UTF8.GetString(output.ToArray()));
            Assert.Equal("to error\n", Encoding.UTF8.GetString(error.ToArray()));
            Assert.Equal("one two two three three three", File.ReadAllText(Path.Combine(top.FullName, "data", "note.txt")));
        }
        finally
        {
            top.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("rust", "/usr/bin/rustc", "1.63.0", "/usr/lib/rustlib/wasm32-wasi")]
    [InlineData("cpp", "/usr/bin/clang++", "14.0.6", "/usr/lib/wasm32-wasi/libc++.a")]
    [InlineData("assemblyscript", "node", "v", "assemblyscript")]
    [InlineData("go", "/usr/lib/go-1.23/bin/go", "go1.23.5 ", "/usr/lib/go-1.23/bin/go")]
    public void Its_binary_is_what_its_source_builds(string language, string compiler, string version, string library)
    {
        // What npm installs has no fixed place: NODE_PATH says where it is.
        var path = language == "assemblyscript" ? Path.Combine(Environment.GetEnvironmentVariable("NODE_PATH") ?? "/nowhere", library) : library;
        Assert.SkipUnless(Path.Exists(path), $"{path} is absent");
        Assert.SkipUnless(Said(compiler, language == "go" ? "version" : "--version").Contains(version, StringComparison.Ordinal), $"another version of {compiler} than the one that built the binary");
        Assert.SkipUnless(
            language != "assemblyscript" || File.ReadAllText(Path.Combine(path, "package.json")).Contains("\"version\": \"0.28.20\"", StringComparison.Ordinal),
            "another version of the AssemblyScript compiler than the one that built the binary");
        var folder = Path.Combine(Conformance.Root, "tests", "Wasm.Tests", "Guests", "Languages");
        var output = Directory.CreateTempSubdirectory();
        try
        {
            using var build = Process.Start(Path.Combine(folder, "build.sh"), [language, output.FullName]);
            build.WaitForExit();
            Assert.Equal(0, build.ExitCode);
            var built = File.ReadAllBytes(Path.Combine(output.FullName, language + ".wasm"));
            if (language == "go" && Environment.GetEnvironmentVariable("WW_GOLDEN") == "rewrite")
            {
                Guests.Compress(built, Path.Combine(folder, "go.wasm.br"));
            }

            Assert.Equal(Guests.Program(language), built);
        }
        finally
        {
            output.Delete(recursive: true);
        }
    }

    private static string Said(string program, string argument)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, argument) { RedirectStandardOutput = true, UseShellExecute = false })!;
            var text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return text;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "";
        }
    }
}
