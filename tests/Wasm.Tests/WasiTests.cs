using System.Diagnostics;
using System.Text;
using Wetware.Testing;
using Wetware.Wasm.Wasi;

namespace Wetware.Wasm.Tests;

public class WasiTests
{
    private const string TourOutput = """
        arg 0: tour
        arg 1: two words
        env: hello
        in: first
        in: second
        file: two
        file: three
        mkdir: 0
        rename: 0
        size: 14
        symlink: 0
        through link: one
        entry: .
        entry: ..
        entry: link
        entry: moved.txt
        rmdir full: Directory not empty
        missing: No such file or directory
        up: Capabilities insufficient
        deep up: Capabilities insufficient
        not granted: Capabilities insufficient
        escape link: Capabilities insufficient
        host link: Capabilities insufficient
        absolute link: Capabilities insufficient
        read-only create: Capabilities insufficient
        read-only write: Capabilities insufficient
        read-only read: allowed
        read-only unlink: Capabilities insufficient
        rmdir: 0
        slept: yes

        """;

    [Fact]
    public void A_program_of_the_C_library_sees_what_it_was_granted_and_nothing_else()
    {
        var top = Directory.CreateTempSubdirectory();
        try
        {
            var data = top.CreateSubdirectory("data");
            var readOnly = top.CreateSubdirectory("ro");
            File.WriteAllText(Path.Combine(top.FullName, "secret"), "do not read");
            File.WriteAllText(Path.Combine(readOnly.FullName, "given.txt"), "given");
            File.CreateSymbolicLink(Path.Combine(data.FullName, "hostlink"), Path.Combine(top.FullName, "secret"));
            using var output = new MemoryStream();
            using var error = new MemoryStream();
            using var process = new WasiProcess(new WasiOptions
            {
                Arguments = ["tour", "two words"],
                Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["GREETING"] = "hello" },
                Preopens = [new Preopen("/data", data.FullName, true), new Preopen("/ro", readOnly.FullName, false)],
                Input = new MemoryStream(Encoding.UTF8.GetBytes("first\nsecond\n")),
                Output = output,
                Error = error,
            });
            var instance = Guests.Instantiate(Guests.Program("tour"), imports: process.Define(new Imports()));
            Assert.Equal(42u, WasiProcess.Run(instance));
            Assert.Equal(TourOutput, Encoding.UTF8.GetString(output.ToArray()));
            Assert.Equal("to error\n", Encoding.UTF8.GetString(error.ToArray()));
            Assert.Equal("do not read", File.ReadAllText(Path.Combine(top.FullName, "secret")));
            Assert.Equal("given", File.ReadAllText(Path.Combine(readOnly.FullName, "given.txt")));
        }
        finally
        {
            top.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_guest_echoes_over_its_socket_through_a_buffer_smaller_than_the_message()
    {
        using var socket = new MemorySocket(16);
        using var process = new WasiProcess(new WasiOptions { Socket = socket });
        var instance = Guests.Instantiate(Guests.Program("echo"), imports: process.Define(new Imports()));
        uint code = 1;
        var guest = new Thread(() => code = WasiProcess.Run(instance));
        guest.Start();
        var message = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 1000).Select(static i => $"{i} ")));
        socket.Send(message);
        Assert.Equal(message, socket.Receive(message.Length));
        socket.End();
        guest.Join();
        Assert.Equal(0u, code);
        Assert.True(socket.IsClosed);
    }

    [Fact]
    public void Without_a_grant_there_is_no_socket()
    {
        using var process = new WasiProcess(new WasiOptions());
        var missing = Assert.Throws<LinkException>(() => Guests.Instantiate(Guests.Program("echo"), imports: process.Define(new Imports())));
        Assert.Contains("ww.sock_", missing.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Wasm.Tests")]
    [InlineData("Host.Tests")]
    public void Guest_binaries_are_what_their_sources_build(string project)
    {
        var folder = Path.Combine(Conformance.Root, "tests", project, "Guests");
        Assert.SkipUnless(LinksPrograms(), "clang, lld, wasi-libc or compiler-rt for wasm32 is absent");
        Assert.SkipUnless(Version().Contains("14.0.6", StringComparison.Ordinal), "another version of clang than the one that built the binaries");
        var output = Directory.CreateTempSubdirectory();
        try
        {
            using var build = Process.Start(Path.Combine(folder, "build.sh"), output.FullName);
            build.WaitForExit();
            Assert.Equal(0, build.ExitCode);
            foreach (var built in output.GetFiles("*.wasm"))
            {
                Assert.Equal(File.ReadAllBytes(Path.Combine(folder, built.Name)), File.ReadAllBytes(built.FullName));
            }
        }
        finally
        {
            output.Delete(recursive: true);
        }
    }

    /// <summary>Whether a program with nothing in it becomes a binary: the packages of the tool chain come one by one.</summary>
    private static bool LinksPrograms()
    {
        if (!File.Exists("/usr/bin/clang"))
        {
            return false;
        }

        var output = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("/usr/bin/clang", ["--target=wasm32-wasi", "-x", "c", "-", "-o", output])
            {
                RedirectStandardInput = true, RedirectStandardError = true, UseShellExecute = false,
            };
            using var clang = Process.Start(start)!;
            clang.StandardInput.Write("int main(void) { return 0; }");
            clang.StandardInput.Close();
            clang.StandardError.ReadToEnd();
            clang.WaitForExit();
            return clang.ExitCode == 0;
        }
        finally
        {
            File.Delete(output);
        }
    }

    private static string Version()
    {
        using var clang = Process.Start(new ProcessStartInfo("clang", "--version") { RedirectStandardOutput = true, UseShellExecute = false })!;
        var text = clang.StandardOutput.ReadToEnd();
        clang.WaitForExit();
        return text;
    }
}
