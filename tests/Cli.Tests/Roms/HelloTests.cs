using Wetware.Cli.Tests.Programs;

namespace Wetware.Cli.Tests.Roms;

/// <summary>Topics, anchors and the hello world from the command line, over two nodes.</summary>
public sealed class HelloTests : IDisposable
{
    private readonly Folder _folder = new();
    private readonly List<WwNode> _nodes = [];

    public void Dispose()
    {
        _nodes.ForEach(node => node.Dispose());
        _folder.Dispose();
    }

    [Fact]
    public async Task A_hello_world_that_starts_another_on_another_node_is_heard_twice()
    {
        var (one, two) = await StartAsync();
        using var subscriber = Ww.Start(Ww.StartInfo(["subscribe", "--join", two.Address, "--count", "3", "hello"]));
        Assert.Equal("ww: subscribed to hello", await Patience.For(subscriber.StandardError.ReadLineAsync(CancellationToken.None).AsTask(), "the subscription"));
        (await Ww.RunAsync("publish", "--join", one.Address, "hello", "from the shell")).Succeeded();
        Assert.Equal("from the shell", await LineAsync());

        var hello = (await Ww.RunAsync("run", "--join", one.Address, Rom("hello"))).Succeeded().OutputLines;
        Assert.Equal([$"/{two.Peer}/hello exited with 0"], hello);
        Assert.Equal("Hello, World", await LineAsync());
        Assert.Equal("Hello, World", await LineAsync());
        await subscriber.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);
        Assert.Equal(0, subscriber.ExitCode);

        Assert.Equal([$"/{two.Peer}/hello"], (await Ww.RunAsync("anchor", "ls", "--join", one.Address, "/" + two.Peer)).Succeeded().OutputLines);
        Assert.Equal(["<Process>"], (await Ww.RunAsync("anchor", "get", "--join", one.Address, $"/{two.Peer}/hello")).Succeeded().OutputLines);

        Task<string?> LineAsync() => Patience.For(subscriber.StandardOutput.ReadLineAsync(CancellationToken.None).AsTask(), "a message");
    }

    [Fact]
    public async Task Anchors_are_read_and_written_and_a_program_is_started_at_one()
    {
        var (one, two) = await StartAsync();
        string[] join = ["--join", one.Address];
        var path = $"/{two.Peer}/notes/first";
        (await Ww.RunAsync(["anchor", "put", .. join, path, "a note"])).Succeeded();
        (await Ww.RunAsync(["anchor", "put", .. join, path, "another"])).Refused(1, "holds something already");
        Assert.Equal("a note", (await Ww.RunAsync("anchor", "get", "--join", two.Address, path)).Succeeded().Output);
        (await Ww.RunAsync(["anchor", "put", .. join, "--overwrite", path, "another"])).Succeeded();
        Assert.Equal("another", (await Ww.RunAsync(["anchor", "get", .. join, path])).Succeeded().Output);
        (await Ww.RunAsync(["anchor", "rm", .. join, path])).Succeeded();
        Assert.Equal(1, (await Ww.RunAsync(["anchor", "get", .. join, path])).Code);

        (await Ww.RunAsync(["anchor", "ls", .. join, "/0123456789abcdef"])).Refused(1, "there is no node 0123456789abcdef in the cluster");
        (await Ww.RunAsync(["anchor", "put", .. join, "/" + two.Peer, "x"])).Refused(1, "nothing can be stored in /" + two.Peer);
        (await Ww.RunAsync(["publish", .. join, "a\nb", "x"])).Refused(1, "the name of a topic has 1 to 255 bytes and no control characters");

        Assert.Equal(7, (await Ww.RunAsync(["exec", .. join, "--at", $"/{two.Peer}/jobs/seven", Rom("worker"), "exit", "7"])).Code);
        (await Ww.RunAsync(["exec", .. join, "--at", $"/{two.Peer}/jobs/seven", Rom("worker"), "exit", "8"])).Refused(1, "holds something already");
        Assert.Equal([$"/{two.Peer}/jobs/seven"], (await Ww.RunAsync(["anchor", "ls", .. join, $"/{two.Peer}/jobs"])).Succeeded().OutputLines);
        (await Ww.RunAsync(["exec", .. join, "--at", "/x", "--on", "LIMIT 1", Rom("worker")])).Refused(2, "--on and --at exclude each other");
    }

    [Theory]
    [InlineData("publish", "standard input")]
    [InlineData("subscribe", "--hex")]
    [InlineData("anchor", "put")]
    [InlineData("crawl", "--rom")]
    public async Task Help_says_what_there_is(string command, string says) =>
        Assert.Contains(says, (await Ww.RunAsync(command, "--help")).Succeeded().Output, StringComparison.Ordinal);

    private static string Rom(string name) => Path.Combine(AppContext.BaseDirectory, name + ".wasm");

    /// <summary>Two nodes that know each other.</summary>
    private async Task<(WwNode One, WwNode Two)> StartAsync()
    {
        _nodes.Add(new WwNode("one", _folder.FullPath));
        await _nodes[0].StartAsync();
        _nodes.Add(new WwNode("two", _folder.FullPath, _nodes[0].Address));
        await _nodes[1].StartAsync();
        foreach (var node in _nodes)
        {
            using var limit = new CancellationTokenSource(Patience.Limit);
            while ((await Ww.RunAsync("anchor", "ls", "--join", node.Address)).Succeeded().OutputLines.Count < _nodes.Count)
            {
                limit.Token.ThrowIfCancellationRequested();
            }
        }

        return (_nodes[0], _nodes[1]);
    }
}
