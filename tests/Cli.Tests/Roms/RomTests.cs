using System.Globalization;
using System.Text.Json;
using Wetware.Cli.Tests.Programs;

namespace Wetware.Cli.Tests.Roms;

/// <summary>Programs run, listed and killed from the command line. Their sources are beside Host.Tests' and in samples/Guest.</summary>
public sealed class RomTests : IDisposable
{
    private readonly Folder _folder = new();
    private readonly WwNode _node;

    public RomTests() => _node = new WwNode("node", _folder.FullPath);

    public void Dispose()
    {
        _node.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_program_runs_here_without_a_cluster()
    {
        var worker = Rom("worker");
        Assert.Equal(["a", "-b", "fine"], (await Ww.RunAsync("run", "--local", "--env", "MOOD=fine", worker, "--", "args", "a", "-b")).Succeeded().OutputLines);
        Assert.Equal(42, (await Ww.RunAsync("run", "--local", worker, "exit", "42")).Code);
        (await Ww.RunAsync("run", "--local", worker, "trap")).Refused(134, "the program trapped: unreachable");
        (await Ww.RunAsync("run", "--local", _folder.File("absent.wasm"))).Refused(1, "there is no file ", "absent.wasm");
        (await Ww.RunAsync("run", "--local", "--env", "MOOD", worker)).Refused(2, "--env takes NAME=value, not 'MOOD'");
        (await Ww.RunAsync("run", "--local", "--dial", worker)).Refused(2, "--local and --dial exclude each other");
    }

    [Fact]
    public async Task A_program_runs_on_a_node_with_its_session_and_is_listed_and_killed()
    {
        await _node.StartAsync();
        string[] join = ["--join", _node.Address];
        foreach (var command in (string[])["run", "exec"])
        {
            var family = (await Ww.RunAsync([command, .. join, Rom("family"), "one"])).Succeeded().OutputLines;
            Assert.Equal("argument one", family[1]);
            Assert.Contains("holds view", family);
            Assert.Equal("it exited with 5", family[^1]);
        }

        var some = await Ww.RunAsync(["exec", .. join, "--on", "LIMIT 1", Rom("worker"), "args", "hello"]);
        Assert.EndsWith("  hello", Assert.Single(some.Succeeded().OutputLines), StringComparison.Ordinal);
        (await Ww.RunAsync(["exec", .. join, "--on", "WHERE region=nowhere", Rom("worker"), "args"])).Refused(1, "no peer is selected");
        (await Ww.RunAsync(["kill", .. join, "77"])).Refused(1, "there is no process 77");

        using var spinning = Ww.Start(Ww.StartInfo(["exec", .. join, Rom("worker"), "spin"]));
        Assert.Equal("spinning", await Patience.For(spinning.StandardOutput.ReadLineAsync(CancellationToken.None).AsTask(), "the program to begin"));
        using var listed = JsonDocument.Parse(Assert.Single((await Ww.RunAsync(["ps", .. join, "--json"])).Succeeded().OutputLines));
        var pid = listed.RootElement.GetProperty("pid").GetUInt32().ToString(CultureInfo.InvariantCulture);
        (await Ww.RunAsync(["kill", .. join, pid])).Succeeded();
        await spinning.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);
        Assert.Equal(137, spinning.ExitCode);
        Assert.Empty((await Ww.RunAsync(["ps", .. join, "--json"])).Succeeded().OutputLines);
    }

    private static string Rom(string name) => Path.Combine(AppContext.BaseDirectory, name + ".wasm");
}
