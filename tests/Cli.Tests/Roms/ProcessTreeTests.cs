using System.Diagnostics;
using System.Text.Json;
using Wetware.Cli.Tests.Programs;
using Wetware.Client;

namespace Wetware.Cli.Tests.Roms;

/// <summary>The process tree over three nodes whose processes, and whose clients, are killed with SIGKILL: nothing is left of what they started.</summary>
public sealed class ProcessTreeTests : IAsyncLifetime
{
    private readonly Folder _folder = new();
    private readonly WwNode[] _nodes = new WwNode[3];

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < _nodes.Length; i++)
        {
            _nodes[i] = new WwNode($"{i}", _folder.FullPath, i == 0 ? null : _nodes[0].Address);
            await _nodes[i].StartAsync();
        }

        foreach (var node in _nodes)
        {
            await using var client = await ConnectAsync(node);
            await Patience.Until(
                async () => (await client.Session.Anchors.ListAsync(cancellation: TestContext.Current.CancellationToken)).Count, count => count == _nodes.Length, "the nodes to meet");
        }
    }

    public ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            node?.Dispose();
        }

        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_a_client_started_ends_on_all_nodes_when_the_client_is_killed()
    {
        foreach (var command in (string[])["exec", "run"])
        {
            using var client = Start(command, [], _nodes[1], _nodes[2]);
            await RunsAsync(command == "exec" ? 1 : 0, 1, 1);
            client.Kill();
            await RunsAsync(0, 0, 0);
        }

        using var elsewhere = Start("exec", ["--at", $"/{_nodes[1].Peer}/job"], _nodes[2]);
        await RunsAsync(0, 1, 1);
        elsewhere.Kill();
        await RunsAsync(0, 0, 0);
        // The anchor holds it still, and it has ended.
        Assert.Equal(["<Process>"], (await Ww.RunAsync("anchor", "get", "--join", _nodes[0].Address, $"/{_nodes[1].Peer}/job")).Succeeded().OutputLines);
    }

    [Fact]
    public async Task Killing_a_program_by_its_pid_ends_what_it_started_elsewhere()
    {
        using var client = Start("exec", [], _nodes[1], _nodes[2]);
        await RunsAsync(1, 1, 1);
        var pid = await PidAsync(_nodes[1]);
        (await Ww.RunAsync("kill", "--join", _nodes[1].Address, pid)).Succeeded();
        await RunsAsync(1, 0, 0);
        (await Ww.RunAsync("kill", "--join", _nodes[0].Address, await PidAsync(_nodes[0]))).Succeeded();
        await client.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);
        Assert.Equal(137, client.ExitCode);
        await RunsAsync(0, 0, 0);
    }

    [Fact]
    public async Task What_a_killed_node_started_elsewhere_ends()
    {
        using var client = Start("exec", [], _nodes[1], _nodes[2]);
        await RunsAsync(1, 1, 1);

        // The one in the middle: its child ends, its parent does not.
        _nodes[1].Kill();
        await RunsAsync(1, null, 0);
        Assert.False(client.HasExited);
        _nodes[0].Kill();
        Assert.Contains("ww: ", await Patience.For(client.StandardError.ReadToEndAsync(CancellationToken.None), "the client to end"), StringComparison.Ordinal);

        using var second = Ww.Start(Ww.StartInfo(["exec", "--join", _nodes[2].Address, Rom("worker"), "spin"]));
        await RunsAsync(null, null, 1);
        second.Kill();
        await RunsAsync(null, null, 0);
    }

    private static string Rom(string name) => Path.Combine(AppContext.BaseDirectory, name + ".wasm");

    private Process Start(string command, string[] options, params WwNode[] path) =>
        Ww.Start(Ww.StartInfo([command, "--join", _nodes[0].Address, .. options, Rom("tree"), "tree", "stay", .. path.Select(node => node.Peer)]));

    /// <summary>Waits until each node runs so many programs; null for one that is gone.</summary>
    private async Task RunsAsync(params int?[] expected)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            if (expected[i] is { } count)
            {
                await using var client = await ConnectAsync(_nodes[i]);
                await Patience.Until(
                    async () => (await client.Session.Processes.ListAsync(TestContext.Current.CancellationToken)).Count, found => found == count, $"{count} programs on node {i}");
            }
        }
    }

    private static async Task<string> PidAsync(WwNode node)
    {
        using var process = JsonDocument.Parse(Assert.Single((await Ww.RunAsync("ps", "--json", "--join", node.Address)).Succeeded().OutputLines));
        return process.RootElement.GetProperty("pid").GetRawText();
    }

    private static Task<WetwareClient> ConnectAsync(WwNode node) => WetwareClient.ConnectAsync([node.Address], WetwareClientOptions.Default, TestContext.Current.CancellationToken);
}
