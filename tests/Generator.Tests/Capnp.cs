using System.Diagnostics;

namespace Wetware.Generator.Tests;

/// <summary>The Cap'n Proto compiler of the machine; tests that need it are skipped, visibly, where it is not installed.</summary>
internal static class Capnp
{
    private static readonly bool Installed = Array.Exists(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator), folder => File.Exists(Path.Combine(folder, "capnp")));

    /// <summary>Skips the running test unless capnp is there.</summary>
    public static void Require() => Assert.SkipUnless(Installed, "the compiler capnp is not installed (Debian: apt-get install capnproto)");

    /// <summary>The request for a schema given as text.</summary>
    public static byte[] Request(string schema, string name = "test.capnp")
    {
        Require();
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var path = Path.Combine(folder.FullName, name);
            File.WriteAllText(path, schema);
            return CapnpProcess.Compile(["--src-prefix=" + folder.FullName,
                "-I" + Path.Combine(Wetware.Testing.Conformance.Root, "schemas")], [path]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Runs capnp with standard input and returns its standard output.</summary>
    public static byte[] Run(ReadOnlySpan<byte> input, params string[] arguments)
    {
        Require();
        var start = new ProcessStartInfo("capnp", arguments) { RedirectStandardInput = true,
            RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["PWD"] = Environment.CurrentDirectory;
        using var process = Process.Start(start)!;
        var bytes = input.ToArray();
        var feeding = Task.Run(() =>
        {
            process.StandardInput.BaseStream.Write(bytes);
            process.StandardInput.Close();
        });
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        feeding.Wait();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output.ToArray();
    }
}
