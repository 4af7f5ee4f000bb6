using System.Text;
using Wetware.Host.Client;
using Wetware.Host.Tests.Processes;

namespace Wetware.Host.Tests.Stories;

/// <summary>The process tree over real nodes: what a program starts elsewhere ends with it, however it ends (decision 0412).</summary>
public sealed class ProcessTreeTests : IAsyncLifetime
{
    private const string Name = "tree";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("ww-test-").FullName;
    private readonly List<WetwareNode> _nodes = [];

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < 3; i++)
        {
            _nodes.Add(await WetwareNode.StartAsync(
                WetwareOptions.Default with
                {
                    DataFolder = Path.Combine(_folder, $"{i}"),
                    Listen = ["/ip4/127.0.0.1/tcp/0"],
                    Join = [.. _nodes.Take(1).Select(node => node.Addresses[0].ToString())],
                },
                cancellation: Limit));
        }

        foreach (var node in _nodes)
        {
            while (true)
            {
                var next = node.MembersChanged;
                if ((await node.Session.Anchors.ListAsync(cancellation: Limit)).Count == _nodes.Count)
                {
                    break;
                }

                await next.WaitAsync(s_patience, Limit);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("exit", ProcessEnding.Exited)]
    [InlineData("trap", ProcessEnding.Trapped)]
    [InlineData("stay", ProcessEnding.Killed)]
    public async Task What_a_program_started_on_other_nodes_ends_with_it(string how, ProcessEnding ending)
    {
        using var input = new NeverStream();
        using var process = await GrowAsync(_nodes[0].Session, how, input, _nodes[1], _nodes[2]);
        await CheckCountsAsync(1, 1, 1);
        using var child = await LoadAsync(_nodes[1]);
        using var grandchild = await LoadAsync(_nodes[2]);
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
        using var process = await GrowAsync(_nodes[0].Session, "stay", null, _nodes[1], _nodes[2]);
        using var child = await LoadAsync(_nodes[1]);
        using var grandchild = await LoadAsync(_nodes[2]);
        await child.Process!.KillAsync(Limit);
        Assert.Equal(ProcessEnding.Killed, await EndAsync(child.Process));
        Assert.Equal(ProcessEnding.Killed, await EndAsync(grandchild.Process!));
        await CheckCountsAsync(1, 0, 0);
    }

    [Fact]
    public async Task A_tree_that_comes_back_to_the_node_where_it_began_ends_there_too()
    {
        using var process = await GrowAsync(_nodes[0].Session, "stay", null, _nodes[1], _nodes[0]);
        await CheckCountsAsync(2, 1, 0);
        using var child = await LoadAsync(_nodes[1]);
        using var last = await LoadAsync(_nodes[0]);
        await process.KillAsync(Limit);
        Assert.Equal(ProcessEnding.Killed, await EndAsync(process));
        Assert.Equal(ProcessEnding.Killed, await EndAsync(child.Process!));
        Assert.Equal(ProcessEnding.Killed, await EndAsync(last.Process!));
        await CheckCountsAsync(0, 0, 0);
    }

    [Fact]
    public async Task What_a_client_started_ends_with_its_connection_on_every_node()
    {
        await using var client = await WetwareClient.ConnectAsync([_nodes[0].Addresses[0].ToString()], WetwareClientOptions.Default, Limit);
        // Not even their handles are needed for them to live.
        (await GrowAsync(client.Session, "stay", null, _nodes[1], _nodes[2])).Dispose();
        using var there = await client.Session.Anchors.LoadAsync($"/{_nodes[1].Peer}", Limit);
        using var direct = await there.Session!.Processes.StartAsync(Roms.Tree, new ProcessRequest("direct", "stay") { Session = there.Session }, Limit);
        await CheckCountsAsync(1, 2, 1);
        using var child = await LoadAsync(_nodes[1]);
        using var grandchild = await LoadAsync(_nodes[2]);
        Assert.True(await client.Session.Anchors.StoreAsync($"/{_nodes[1].Peer}/kept", direct, cancellation: Limit));
        using var kept = await _nodes[1].Session.Anchors.LoadAsync($"/{_nodes[1].Peer}/kept", Limit);

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
        using var process = await GrowAsync(_nodes[0].Session, "stay", null, _nodes[1], _nodes[2]);
        using var child = await LoadAsync(_nodes[1]);
        using var grandchild = await LoadAsync(_nodes[2]);
        await _nodes[0].DisposeAsync();
        Assert.Equal(ProcessEnding.Killed, await EndAsync(child.Process!));
        Assert.Equal(ProcessEnding.Killed, await EndAsync(grandchild.Process!));
    }

    /// <summary>Starts a program that starts itself on one node after the other; returns when all of them run.</summary>
    private async Task<RemoteProcess> GrowAsync(WetwareSession session, string how, Stream? input, params WetwareNode[] path)
    {
        using var subscription = await _nodes[0].Session.Topics.SubscribeAsync(Name, cancellation: Limit);
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
        foreach (var node in _nodes)
        {
            counts.Add((await node.Session.Processes.ListAsync(Limit)).Count);
        }

        Assert.Equal(expected, counts);
    }
}
