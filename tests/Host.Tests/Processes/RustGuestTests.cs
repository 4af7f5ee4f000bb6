using System.Diagnostics;
using System.Text;
using Wetware.Client;
using Wetware.Client.Net;
using Wetware.Host.Services.Processes;
using Wetware.Host.Services.PubSub;
using Wetware.Protocol.Wire;

namespace Wetware.Host.Tests.Processes;

/// <summary>The guest kit for Rust: a program built with it, and that it is what the sources build.</summary>
public class RustGuestTests
{
    private const string Compiler = "/usr/bin/rustc";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_in_Rust_reads_its_input_and_publishes_what_it_reads()
    {
        var published = new List<string>();
        using var hub = new TopicHub((topic, data) =>
        {
            published.Add($"{topic}: {Encoding.UTF8.GetString(data.Span)}");
            return Task.CompletedTask;
        });
        using var router = Router.Client.Serve(new RouterServer(hub, new Pace(1_000_000)));
        await using var host = new ProcessHost();
        using var input = new MemoryStream("one\nzwei\n"u8.ToArray());
        using var output = new MemoryStream();
        using var process = await host.Processes.StartAsync(
            Roms.Shout,
            new ProcessRequest("news")
            {
                Session = new WetwareSession(HeldSession.Make(wire => wire.SetPubSub(router))),
                Input = input,
                Output = output,
                Error = output,
            },
            Limit);
        var outcome = await process.WaitAsync(Limit).WaitAsync(s_patience, Limit);
        Assert.Equal($"process {process.Pid} published 2 messages to news\n", Encoding.UTF8.GetString(output.ToArray()));
        Assert.Equal(new ProcessOutcome(0, ProcessEnding.Exited, ""), outcome);
        Assert.Equal(["news: ONE", "news: ZWEI"], published);
    }

    [Fact]
    public async Task Without_a_grant_it_says_what_it_misses()
    {
        await using var host = new ProcessHost();
        using var output = new MemoryStream();
        using var process = await host.Processes.StartAsync(Roms.Shout, new ProcessRequest("news") { Error = output }, Limit);
        Assert.Equal(1u, (await process.WaitAsync(Limit).WaitAsync(s_patience, Limit)).ExitCode);
        Assert.Equal("shout: the session grants no topics\n", Encoding.UTF8.GetString(output.ToArray()));
    }

    [Fact]
    public void The_binaries_are_what_their_sources_build()
    {
        Assert.SkipUnless(File.Exists(Compiler) && Directory.Exists("/usr/lib/rustlib/wasm32-wasi"), "Debian's rustc or libstd-rust-dev-wasm32 is absent");
        Assert.SkipUnless(Run(Compiler, "--version").Contains(" 1.63.0", StringComparison.Ordinal), "another version of rustc than the one that built the binary");
        var script = Path.Combine(Root(), "samples", "Guest", "rust", "build.sh");
        var output = Directory.CreateTempSubdirectory("ww-test-");
        try
        {
            Run("sh", script, output.FullName);
            foreach (var built in output.GetFiles("*.wasm"))
            {
                Assert.Equal(Roms.Load(Path.GetFileNameWithoutExtension(built.Name)), File.ReadAllBytes(built.FullName));
            }
        }
        finally
        {
            output.Delete(recursive: true);
        }
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return text;
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Native.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
