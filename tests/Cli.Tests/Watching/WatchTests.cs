using System.Text.Json;
using Wetware.Cli.Tests.Programs;

namespace Wetware.Cli.Tests.Watching;

/// <summary><c>ww ls --watch</c>: a person looks on while nodes come, die and come back.</summary>
public sealed class WatchTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_peer_that_comes_restarts_and_is_killed_is_seen_to_and_an_interrupt_is_no_failure()
    {
        using var one = new WwNode("one", _folder.FullPath);
        await one.StartAsync();
        using var watch = new WwWatch("ls", "--watch", "--join", one.Address);
        await watch.SaysAsync("  /", Peer(one));

        using var two = new WwNode("two", _folder.FullPath, join: one.Address);
        await two.StartAsync();
        await watch.SaysAsync("+ /", Peer(two));
        two.Kill();
        await watch.SaysAsync("- /", Peer(two));

        Assert.Equal(0, await watch.InterruptAsync());
        Assert.Equal("", watch.Error.ToString());
    }

    [Fact]
    public async Task When_its_node_dies_it_goes_on_with_another_and_tells_only_what_differs()
    {
        using var one = new WwNode("one", _folder.FullPath);
        await one.StartAsync();
        using var two = new WwNode("two", _folder.FullPath, join: one.Address);
        await two.StartAsync();
        using var watch = new WwWatch("ls", "--watch", "--json", "--join", one.Address);
        await watch.Output.FirstAsync(line => Is(line, "present", one) || Is(line, "joined", one), "the first node");
        await watch.Output.FirstAsync(line => Is(line, "present", two) || Is(line, "joined", two), "the second node");

        one.Kill();
        await watch.Error.FirstAsync(line => line.StartsWith($"ww: lost {one.Address}", StringComparison.Ordinal), "the loss");
        await watch.Error.FirstAsync(line => line.StartsWith("ww: going on with", StringComparison.Ordinal) && line.Contains(Peer(two), StringComparison.Ordinal), "the next node");
        await watch.Output.FirstAsync(line => Is(line, "left", one), "the first node's end");

        Assert.Equal(0, await watch.InterruptAsync());
        Assert.Equal(3, watch.Output.ToString().Split('\n').Length);
    }

    [Fact]
    public async Task When_no_node_is_left_it_says_so_and_fails()
    {
        using var node = new WwNode("only", _folder.FullPath);
        await node.StartAsync();
        using var watch = new WwWatch("ls", "--watch", "--timeout", "3", "--join", node.Address);
        await watch.SaysAsync("  /", Peer(node));
        node.Kill();
        Assert.Equal(1, await watch.EndAsync());
        var complaints = watch.Error.ToString();
        Assert.Contains($"ww: lost {node.Address}", complaints, StringComparison.Ordinal);
        Assert.Contains("no other node answered within 3 s", complaints, StringComparison.Ordinal);
        Ended.NoTrace(complaints);
    }

    [Fact]
    public async Task A_node_that_hangs_is_lost_too()
    {
        using var node = new WwNode("hung", _folder.FullPath);
        await node.StartAsync();
        using var watch = new WwWatch("ls", "--watch", "--timeout", "3", "--join", node.Address);
        await watch.SaysAsync("  /", Peer(node));
        node.Pause();
        Assert.Equal(1, await watch.EndAsync());
        Assert.Contains("it has not answered for 3 s", watch.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_what_the_query_selects_is_told()
    {
        using var one = new WwNode("one", _folder.FullPath);
        await one.StartAsync();
        using var watch = new WwWatch("ls", "WHERE", $"peer=={Peer(one)}", "--watch", "--join", one.Address);
        await watch.SaysAsync("  /", Peer(one));
        using var all = new WwWatch("ls", "--watch", "--join", one.Address);
        await all.SaysAsync("  /", Peer(one));
        using var two = new WwNode("two", _folder.FullPath, join: one.Address);
        await two.StartAsync();
        await all.SaysAsync("+ /", Peer(two));
        Assert.Equal(0, await watch.InterruptAsync());
        Assert.Single(watch.Output.ToString().Split('\n'));
    }

    [Fact]
    public async Task A_bad_query_gets_its_caret() =>
        (await Ww.RunAsync("ls", "--watch", "LIMIT", "none")).Complained(2, "ww: bad query", "\nLIMIT none\n      ^\n", "LIMIT needs a number");

    private static string Peer(WwNode node) => node.Address[(node.Address.LastIndexOf('/') + 1)..];

    private static bool Is(string line, string change, WwNode node)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("change").GetString() == change && json.RootElement.GetProperty("peer").GetString() == Peer(node);
    }
}
