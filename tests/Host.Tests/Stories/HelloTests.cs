using System.Text;
using Wetware.Client;
using Wetware.Core;
using Wetware.Host.Tests.Processes;
using Wetware.Host.Tests.PubSub;

namespace Wetware.Host.Tests.Stories;

/// <summary>Topics, anchors and programs over real nodes.</summary>
public sealed class HelloTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_says_hello_and_starts_another_on_another_node_which_says_it_too()
    {
        await using var cluster = await LocalCluster.StartAsync(2);
        var (one, two) = (cluster.Nodes[0], cluster.Nodes[1]);
        using var subscription = await two.Session.Topics.SubscribeAsync("hello", cancellation: Limit);

        using var output = new MemoryStream();
        using var process = await one.Session.Processes.StartAsync(Roms.Hello, new ProcessRequest { Session = one.Session, Output = output, Error = output }, Limit);
        var outcome = await process.WaitAsync(Limit).WaitAsync(s_patience, Limit);
        Assert.Equal($"/{two.Peer}/hello exited with 0\n", Encoding.UTF8.GetString(output.ToArray()));
        Assert.Equal(new ProcessOutcome(0, ProcessEnding.Exited, ""), outcome);
        Assert.Equal(["Hello, World", "Hello, World"], await subscription.TakeAsync(2));

        // The process stays where it was put, for whoever looks, from any node.
        Assert.Equal(["hello"], await one.Session.Anchors.ListAsync($"/{two.Peer}", Limit));
        using var value = await one.Session.Anchors.LoadAsync($"/{two.Peer}/hello", Limit);
        Assert.Equal(AnchorKind.Process, value.Kind);
        Assert.Equal(new ProcessOutcome(0, ProcessEnding.Exited, ""), await value.Process!.WaitAsync(Limit).WaitAsync(s_patience, Limit));
    }

    [Fact]
    public async Task Anchors_of_every_node_are_one_tree_for_all_of_them()
    {
        await using var cluster = await LocalCluster.StartAsync(2);
        var (one, two) = (cluster.Nodes[0], cluster.Nodes[1]);
        var (here, there) = (one.Session.Anchors, two.Session.Anchors);
        string[] both = [.. new[] { one.Peer.ToString(), two.Peer.ToString() }.Order(StringComparer.Ordinal)];
        Assert.Equal(both, await here.ListAsync(cancellation: Limit));
        Assert.Equal(both, await there.ListAsync(cancellation: Limit));

        foreach (var owner in new[] { one.Peer.ToString(), two.Server.ToString() })
        {
            var path = $"/{owner}/a/b";
            Assert.True(await here.StoreAsync(path, "x"u8.ToArray(), cancellation: Limit));
            Assert.False(await there.StoreAsync(path, "y"u8.ToArray(), cancellation: Limit));
            using var value = await there.LoadAsync(path, Limit);
            Assert.Equal("x"u8.ToArray(), value.Data.ToArray());
            Assert.True(await there.UpdateAsync(path, value.Version, "z"u8.ToArray(), Limit));
            Assert.False(await here.UpdateAsync(path, value.Version, "w"u8.ToArray(), Limit));
            Assert.Equal(["b"], await there.ListAsync($"/{owner}/a", Limit));
            await here.ClearAsync(path, Limit);
            using var cleared = await there.LoadAsync(path, Limit);
            Assert.Equal(AnchorKind.Empty, cleared.Kind);
        }

        var absent = await Assert.ThrowsAsync<WetwareException>(() => here.LoadAsync("/0123456789abcdef/x", Limit));
        Assert.Equal("there is no node 0123456789abcdef in the cluster", absent.Message);
        await Assert.ThrowsAsync<WetwareException>(() => here.StoreAsync($"/{two.Peer}", "x"u8.ToArray(), overwrite: true, Limit));
    }

    [Fact]
    public async Task The_anchor_of_a_node_holds_a_session_with_it()
    {
        await using var cluster = await LocalCluster.StartAsync(2);
        var (one, two) = (cluster.Nodes[0], cluster.Nodes[1]);
        foreach (var node in new[] { one, two })
        {
            using var value = await one.Session.Anchors.LoadAsync($"/{node.Peer}", Limit);
            Assert.Equal((AnchorKind.Session, node.Peer, node.Server), (value.Kind, value.Session!.Peer, value.Session.Server));
            using var process = await value.Session.Processes.StartAsync(Roms.Worker, new ProcessRequest("exit", "9"), Limit);
            Assert.Equal(9u, (await process.WaitAsync(Limit).WaitAsync(s_patience, Limit)).ExitCode);
        }
    }
}
