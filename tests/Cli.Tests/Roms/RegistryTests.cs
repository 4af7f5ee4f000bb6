using Wetware.Cli.Tests.Programs;

namespace Wetware.Cli.Tests.Roms;

/// <summary>Services from the command line, over two nodes.</summary>
public sealed class RegistryTests : IDisposable
{
    private readonly Folder _folder = new();
    private readonly List<WwNode> _nodes = [];

    public void Dispose()
    {
        _nodes.ForEach(node => node.Dispose());
        _folder.Dispose();
    }

    [Fact]
    public async Task A_service_is_found_from_the_other_node_for_as_long_as_its_provider_runs()
    {
        var (one, two) = await StartAsync();
        Assert.Equal(1, (await Ww.RunAsync("find", "--join", one.Address, "db")).Code);
        using (var provider = new WwWatch("provide", "--join", two.Address, "--anchor", "/x/db", "--meta", "role=main", "db"))
        {
            await provider.Error.FirstAsync(line => line == "ww: providing db", "the registration");
            using var other = new WwWatch("provide", "--join", one.Address, "--address", "/ip4/192.0.2.1/tcp/5432", "db");
            await other.Error.FirstAsync(line => line == "ww: providing db", "the other registration");
            var found = (await Ww.RunAsync("find", "--join", one.Address, "db")).Succeeded().OutputLines;
            Assert.Equal([$"/ip4/192.0.2.1/tcp/5432  on {one.Peer}", $"/x/db  on {two.Peer}  role=main"], found.Order(StringComparer.Ordinal));
            Assert.Contains("\"anchor\":\"/x/db\"", string.Join('\n', (await Ww.RunAsync("find", "--join", one.Address, "--json", "db")).Succeeded().OutputLines), StringComparison.Ordinal);
            Assert.Equal(130, await other.InterruptAsync());
        }

        // The second provider was killed.
        using var limit = new CancellationTokenSource(Patience.Limit);
        while ((await Ww.RunAsync("find", "--join", one.Address, "db")).Code != 1)
        {
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task A_node_that_is_silent_is_told_of_and_what_others_list_is_found()
    {
        var (one, two) = await StartAsync();
        using var provider = new WwWatch("provide", "--join", one.Address, "--anchor", "/x", "s");
        await provider.Error.FirstAsync(line => line == "ww: providing s", "the registration");
        (await Ww.RunAsync("find", "--join", one.Address, "s")).Succeeded();
        two.Pause();
        var found = (await Ww.RunAsync("find", "--join", one.Address, "s")).Succeeded();
        Assert.Equal(["/x  on " + one.Peer], found.OutputLines);

        // On a slow machine its silence may have lasted long enough for it to be given up: then there is nobody left to tell of.
        if ((await Ww.RunAsync("anchor", "ls", "--join", one.Address)).Succeeded().OutputLines.Count == _nodes.Count)
        {
            Assert.Contains("ww: 1 of 2 nodes did not answer", found.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_cannot_be_is_one_line_and_a_time_that_is_over_ends_the_command()
    {
        var (one, _) = await StartAsync();
        string[] join = ["--join", one.Address];
        (await Ww.RunAsync(["provide", .. join, "s"])).Refused(2, "where the service is takes either --address or --anchor.");
        (await Ww.RunAsync(["provide", .. join, "--anchor", "/x", "--address", "/ip4/1.2.3.4/tcp/1", "s"])).Refused(2, "either --address or --anchor.");
        (await Ww.RunAsync(["provide", .. join, "--address", "nowhere", "s"])).Refused(2, "--address nowhere: ");
        (await Ww.RunAsync(["provide", .. join, "--ttl", "0", "--anchor", "/x", "s"])).Refused(2, "--ttl takes seconds between 0.001 and 86400, not '0'");
        (await Ww.RunAsync(["provide", .. join, "--anchor", "/x", "a\nb"])).Refused(1, "the name of a service has 1 to 255 bytes and no control characters");
        (await Ww.RunAsync(["find", .. join, "a\nb"])).Refused(1, "the name of a service has 1 to 255 bytes and no control characters");
        (await Ww.RunAsync(["provide", .. join, "--ttl", "0.1", "--anchor", "/x", "s"])).Succeeded();
    }

    [Theory]
    [InlineData("provide", "--anchor")]
    [InlineData("find", "--count")]
    public async Task Help_says_what_there_is(string command, string says) =>
        Assert.Contains(says, (await Ww.RunAsync(command, "--help")).Succeeded().Output, StringComparison.Ordinal);

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
