using System.Text;
using Wetware.Client;
using Wetware.Host.Tests.Processes;

namespace Wetware.Host.Tests.Stories;

/// <summary>The process tree over real nodes: what a program starts elsewhere ends with it, however it ends (decision 0412).</summary>
public sealed class ProcessTreeTests : IAsyncLifetime
{
    private const string Name = "tree";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private LocalCluster _cluster = null!;

    private IReadOnlyList<WetwareNode> Nodes => _cluster.Nodes;

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _cluster = await LocalCluster.StartAsync(3);

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();

    [Theory]
    [InlineData("exit", ProcessEnding.Exited)]
    [InlineData("trap", ProcessEnding.Trapped)]
    [InlineData("stay", ProcessEnding.Killed)]
    public async Task What_a_program_started_on_other_nodes_ends_with_it(string how, ProcessEnding ending)
    {
        using var input = new NeverStream();
        using var process = await GrowAsync(Nodes[0].Session, how, input, Nodes[1], Nodes[2]);
        await CheckCountsAsync(1, 1, 1);
        using var child = await LoadAsync(Nodes[1]);
        using var grandchild = await LoadAsync(Nodes[2]);
        if (ending == ProcessEnding.Killed)
        {
            await process.KillAsync(Limit);
        }

        input.End();
        Assert.Equal(ending, await EndAsync(process));
        Assert.Equal(ProcessEnding.Killed, await EndAsync(child.Process!));
        Assert.Equal(ProcessEnding.Killed, await EndAsync(grandchild.Process!));
        await CheckCountsAsync(0, 0, 0);
    }

    [Fact]
    public async Task Killing_a_child_on_another_node_kills_what_it_started_and_not_its_parent()
    {
        using var process = await GrowAsync(Nodes[0].Session, "stay", null, Nodes[1], Nodes[2]);
        using var child = await LoadAsync(Nodes[1]);
        using var grandchild = await LoadAsync(Nodes[2]);
        await child.Process!.KillAsync(Limit);
        Assert.Equal(ProcessEnding.Killed, await EndAsync(child.Process));
        Assert.Equal(ProcessEnding.Killed, await EndAsync(grandchild.Process!));
        await CheckCountsAsync(1, 0, 0);
    }

    [Fact]
    public async Task A_tree_that_comes_back_to_the_node_where_it_began_ends_there_too()
    {
        using var process = await GrowAsync(Nodes[0].Session, "stay", null, Nodes[1], Nodes[0]);
        await CheckCountsAsync(2, 1, 0);
        using var child = await LoadAsync(Nodes[1]);
        using var last = await LoadAsync(Nodes[0]);
        await process.KillAsync(Limit);
        Assert.Equal(ProcessEnding.Killed, await EndAsync(process));
        Assert.Equal(ProcessEnding.Killed, await EndAsync(child.Process!));
        Assert.Equal(ProcessEnding.Killed, await EndAsync(last.Process!));
        await CheckCountsAsync(0, 0, 0);
    }

    [Fact]
    public async Task What_a_client_started_ends_with_its_connection_on_every_node()
    {
        await using var client = await WetwareClient.ConnectAsync([Nodes[0].Addresses[0].ToString()], WetwareClientOptions.Default, Limit);
        // Not even their handles are needed for them to live.
        (await GrowAsync(client.Session, "stay", null, Nodes[1], Nodes[2])).Dispose();
        using var there = await client.Session.Anchors.LoadAsync($"/{Nodes[1].Peer}", Limit);
        using var direct = await there.Session!.Processes.StartAsync(Roms.Tree, new ProcessRequest("direct", "stay") { Session = there.Session }, Limit);
        await CheckCountsAsync(1, 2, 1);
        using var child = await LoadAsync(Nodes[1]);
        using var grandchild = await LoadAsync(Nodes[2]);
        Assert.True(await client.Session.Anchors.StoreAsync($"/{Nodes[1].Peer}/kept", direct, cancellation: Limit));
        using var kept = await Nodes[1].Session.Anchors.LoadAsync($"/{Nodes[1].Peer}/kept", Limit);

        await client.DisposeAsync();
        foreach (var value in new[] { child, grandchild, kept })
        {
            Assert.Equal(ProcessEnding.Killed, await EndAsync(value.Process!));
        }

        await CheckCountsAsync(0, 0, 0);
    }

    [Fact]
    public async Task What_a_program_started_on_another_node_ends_when_its_own_node_is_gone()
    {
        using var process = await GrowAsync(Nodes[0].Session, "stay", null, Nodes[1], Nodes[2]);
        using var child = await LoadAsync(Nodes[1]);
        using var grandchild = await LoadAsync(Nodes[2]);
        await Nodes[0].DisposeAsync();
        Assert.Equal(ProcessEnding.Killed, await EndAsync(child.Process!));
        Assert.Equal(ProcessEnding.Killed, await EndAsync(grandchild.Process!));
    }

    /// <summary>Starts a program that starts itself on one node after the other; returns when all of them run.</summary>
    private async Task<RemoteProcess> GrowAsync(WetwareSession session, string how, Stream? input, params WetwareNode[] path)
    {
        using var subscription = await Nodes[0].Session.Topics.SubscribeAsync(Name, cancellation: Limit);
        using var output = new MemoryStream();
        var process = await session.Processes.StartAsync(
            Roms.Tree, new ProcessRequest([Name, how, .. path.Select(node => node.Peer.ToString())]) { Session = session, Input = input, Error = output }, Limit);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Limit);
        limit.CancelAfter(s_patience);
        var up = new HashSet<string>();
        await foreach (var message in subscription.ReadAsync(limit.Token))
        {
            up.Add(Encoding.UTF8.GetString(message.Data.Span));
            if (up.Count == path.Length + 1)
            {
                break;
            }
        }

        return process;
    }

    private static Task<AnchorValue> LoadAsync(WetwareNode node) => node.Session.Anchors.LoadAsync($"/{node.Peer}/{Name}", Limit);

    private static async Task<ProcessEnding> EndAsync(RemoteProcess process) => (await process.WaitAsync(Limit).WaitAsync(s_patience, Limit)).Ending;

    private async Task CheckCountsAsync(params int[] expected)
    {
        var counts = new List<int>();
        foreach (var node in Nodes)
        {
            counts.Add((await node.Session.Processes.ListAsync(Limit)).Count);
        }

        Assert.Equal(expected, counts);
    }
}
