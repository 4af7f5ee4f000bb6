using Wetware.Cli.Tests.Programs;

namespace Wetware.Cli.Tests.Roms;

/// <summary>Channels from the command line, over two nodes.</summary>
public sealed class ChannelTests : IDisposable
{
    private readonly Folder _folder = new();
    private readonly List<WwNode> _nodes = [];

    public void Dispose()
    {
        _nodes.ForEach(node => node.Dispose());
        _folder.Dispose();
    }

    [Fact]
    public async Task Values_go_through_a_channel_in_order_until_it_is_closed()
    {
        var (one, two) = await StartAsync();
        string[] join = ["--join", one.Address];
        var path = $"/{two.Peer}/jobs";
        (await Ww.RunAsync(["channel", "make", .. join, "--buffer", "2", path])).Succeeded();
        (await Ww.RunAsync(["channel", "make", .. join, path])).Refused(1, "holds something already");
        Assert.Equal(["<Capability>"], (await Ww.RunAsync(["anchor", "get", .. join, path])).Succeeded().OutputLines);
        (await Ww.RunAsync(["channel", "send", .. join, path, "first"])).Succeeded();
        (await Ww.RunAsync(["channel", "send", .. join, path, "second"])).Succeeded();
        (await Ww.RunAsync(["channel", "send", .. join, "--wait", "0.2", path, "third"])).Refused(1, "nobody received it, and there was no room within 0.2 s");
        Assert.Equal(["first"], (await Ww.RunAsync("channel", "recv", "--join", two.Address, path)).Succeeded().OutputLines);
        Assert.Equal(["""{"kind":"Data","value":"second"}"""], (await Ww.RunAsync("channel", "recv", "--join", two.Address, "--json", path)).Succeeded().OutputLines);
        (await Ww.RunAsync(["channel", "recv", .. join, "--wait", "0.2", path])).Refused(1, "nothing was sent within 0.2 s");

        (await Ww.RunAsync(["channel", "send", .. join, path, "last"])).Succeeded();
        (await Ww.RunAsync(["channel", "close", .. join, path])).Succeeded();
        (await Ww.RunAsync(["channel", "close", .. join, path])).Refused(1, "the channel is closed");
        (await Ww.RunAsync(["channel", "send", .. join, path, "too late"])).Refused(1, "the channel is closed");
        Assert.Equal(["6c617374"], (await Ww.RunAsync(["channel", "recv", .. join, "--count", "0", "--hex", path])).Succeeded().OutputLines);
        (await Ww.RunAsync(["channel", "recv", .. join, path])).Refused(1, "the channel is closed");
    }

    [Fact]
    public async Task Without_a_buffer_each_line_waits_for_who_receives_it()
    {
        var (one, two) = await StartAsync();
        var path = $"/{two.Peer}/lines";
        (await Ww.RunAsync("channel", "make", "--join", one.Address, path)).Succeeded();
        var start = Ww.StartInfo(["channel", "send", "--join", one.Address, "--lines", path]);
        start.RedirectStandardInput = true;
        using var sender = Ww.Start(start);
        await sender.StandardInput.WriteAsync("a\nb\nc\n");
        sender.StandardInput.Close();
        Assert.Equal(["a"], (await Ww.RunAsync("channel", "recv", "--join", two.Address, path)).Succeeded().OutputLines);
        Assert.False(sender.HasExited);
        Assert.Equal(["b", "c"], (await Ww.RunAsync("channel", "recv", "--join", one.Address, "-n", "2", path)).Succeeded().OutputLines);
        await sender.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);
        Assert.Equal(0, sender.ExitCode);
    }

    [Fact]
    public async Task What_cannot_be_is_one_line()
    {
        var (one, two) = await StartAsync();
        string[] join = ["--join", one.Address];
        var path = $"/{two.Peer}/x";
        (await Ww.RunAsync(["channel", "recv", .. join, path])).Refused(1, "there is no channel at " + path);
        (await Ww.RunAsync(["channel", "make", .. join, "/"])).Refused(1, "nothing can be stored in /");
        (await Ww.RunAsync(["channel", "make", .. join, "/0123456789abcdef/x"])).Refused(1, "there is no node 0123456789abcdef in the cluster");
        (await Ww.RunAsync(["channel", "make", .. join, "--buffer", "65537", path])).Refused(1, "a channel buffers at most 65536 values");
        (await Ww.RunAsync(["channel", "make", .. join, "--buffer", "-1", path])).Refused(2, "--buffer takes no negative number, such as -1");
        (await Ww.RunAsync(["channel", "send", .. join, "--lines", path, "x"])).Refused(2, "--lines reads standard input");
        (await Ww.RunAsync(["channel", "recv", .. join, "--wait", "0", path])).Refused(2, "--wait takes seconds between 0 and 86400, not '0'");
        (await Ww.RunAsync(["anchor", "put", .. join, path, "data"])).Succeeded();
        (await Ww.RunAsync(["channel", "recv", .. join, path])).Refused(1, "there is no channel at " + path);
    }

    [Theory]
    [InlineData("make", "--buffer")]
    [InlineData("send", "--lines")]
    [InlineData("recv", "--count")]
    [InlineData("close", "in its buffer can still be received")]
    public async Task Help_says_what_there_is(string command, string says) =>
        Assert.Contains(says, string.Join(' ', (await Ww.RunAsync("channel", command, "--help")).Succeeded().Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);

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
