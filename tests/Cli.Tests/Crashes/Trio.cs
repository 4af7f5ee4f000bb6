using System.Text.Json;
using Wetware.Cli.Tests.Programs;
using Wetware.Core;
using Wetware.Host.Consensus;
using Wetware.Protocol;

namespace Wetware.Cli.Tests.Crashes;

/// <summary>A cluster of three nodes, each a process with a data folder of its own.</summary>
internal sealed class Trio : IDisposable
{
    private readonly Folder _folder = new();
    private readonly List<WwNode> _nodes = [];

    public IReadOnlyList<WwNode> Nodes => _nodes;

    /// <summary>Options that name all three to a client.</summary>
    public string[] Join => [.. _nodes.SelectMany(node => new[] { "--join", node.Address })];

    public static async Task<Trio> StartAsync()
    {
        var trio = new Trio();
        try
        {
            var founder = new WwNode("one", trio._folder.FullPath);
            trio._nodes.Add(founder);
            await founder.StartAsync();
            trio._nodes.Add(new WwNode("two", trio._folder.FullPath, founder.Address));
            trio._nodes.Add(new WwNode("three", trio._folder.FullPath, founder.Address));
            await Task.WhenAll(trio._nodes[1].StartAsync(), trio._nodes[2].StartAsync());
            await trio.AllAsync(states => states.All(state => state.Voters.Length == 3), "three voters");
            return trio;
        }
        catch
        {
            trio.Dispose();
            throw;
        }
    }

    /// <summary>The node that all of them follow.</summary>
    public async Task<WwNode> LeaderAsync()
    {
        var states = await AllAsync(states => states[0].Leader != NodeId.None && states.All(state => state.Leader == states[0].Leader), "one leader");
        return _nodes[states.FindIndex(state => state.Node == state.Leader)];
    }

    /// <summary>Waits until all three have applied the same commands, and checks that this left them with the same state.</summary>
    public async Task ConvergedAsync()
    {
        await AllAsync(states => states.All(state => state.Applied == states[0].Applied), "three replicas that have applied the same");
        var digests = await Patience.Until(
            async () => await Task.WhenAll(_nodes.Select(DigestAsync)),
            digests => digests.All(digest => digest.Applied == digests[0].Applied),
            "the same index on three replicas");
        Assert.Single(digests.Distinct());
    }

    public void Dispose()
    {
        _nodes.ForEach(node => node.Dispose());
        _folder.Dispose();
    }

    private static async Task<(ulong Applied, string Digest)> DigestAsync(WwNode node)
    {
        var status = (await Ww.RunAsync("status", "--json", "--join", node.Address)).Succeeded();
        using var json = JsonDocument.Parse(status.Output);
        return (json.RootElement.GetProperty("applied").GetUInt64(), json.RootElement.GetProperty("digest").GetString()!);
    }

    private async Task<List<GroupStatus>> AllAsync(Predicate<List<GroupStatus>> holds, string what) => await Patience.Until(
        async () =>
        {
            var states = await Task.WhenAll(_nodes.Select(node => node.StatusAsync()));
            return states.OfType<GroupStatus>().ToList();
        },
        states => states.Count == _nodes.Count && holds(states),
        what);
}
