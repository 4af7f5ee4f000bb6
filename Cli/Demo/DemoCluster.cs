using Wetware.Client;
using Wetware.Core;
using Wetware.Host.Consensus;
using Wetware.Protocol;

namespace Wetware.Cli.Demo;

/// <summary>The demo's nodes: the first founds the cluster, the others join it.</summary>
internal sealed class DemoCluster(int count, string folder, bool isInsecure) : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(50);
    private readonly List<NodeProcess> _nodes = [];

    public IReadOnlyList<NodeProcess> Nodes => _nodes;

    /// <summary>Connects to the first living node that answers.</summary>
    public Task<WetwareClient> ConnectAsync(TimeSpan timeout, CancellationToken cancellation) => NewConnector(timeout).ConnectAsync(cancellation);

    /// <summary>Connects to the nodes that live now.</summary>
    public Connector NewConnector(TimeSpan timeout) => NewConnector([.. _nodes.Where(node => node.IsRunning).Select(node => node.Address)], timeout);

    public async Task StartAsync(CancellationToken cancellation)
    {
        for (var i = 1; i <= count; i++)
        {
            var node = new NodeProcess($"node {i}", Path.Combine(folder, $"node-{i}"), i == 1 ? null : _nodes[0].Address, isInsecure);
            _nodes.Add(node);
            await node.StartAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until every node votes.</summary>
    public async Task FormAsync(TimeSpan timeout, CancellationToken cancellation) =>
        await UntilAsync(statuses => statuses.Count == count && statuses.All(status => status.Voters.Length == count), "three voters", timeout, cancellation).ConfigureAwait(false);

    /// <summary>Waits until the living nodes agree on a living leader, and returns it.</summary>
    public async Task<NodeProcess> LeaderAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        NodeProcess? leader = null;
        await UntilAsync(
            statuses =>
            {
                leader = statuses.FirstOrDefault(pair => pair.Value.IsLeader).Key;
                return leader is not null && statuses.Values.All(status => status.Leader == statuses[leader].Node);
            },
            "a leader",
            timeout,
            cancellation).ConfigureAwait(false);
        return leader!;
    }

    /// <summary>Waits until every node has applied the same and has the same digest.</summary>
    /// <returns>That digest.</returns>
    public async Task<ulong> AgreeAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        ulong digest = 0;
        await UntilAsync(
            statuses =>
            {
                digest = statuses.Count > 0 ? statuses.Values.First().Digest : 0;
                return statuses.Count == count && statuses.Values.All(status => status.Digest == digest && status.Applied == statuses.Values.First().Applied);
            },
            "equal replicas",
            timeout,
            cancellation).ConfigureAwait(false);
        return digest;
    }

    public void Dispose() => _nodes.ForEach(node => node.Dispose());

    private Connector NewConnector(IReadOnlyList<string> addresses, TimeSpan timeout) =>
        new(addresses, discover: [], WetwareClientOptions.Default with { Insecure = isInsecure, Timeout = timeout });

    private async Task UntilAsync(
        Func<StatusTable, bool> holds, string what, TimeSpan timeout, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var statuses = new StatusTable();
            foreach (var node in _nodes.Where(node => node.IsRunning))
            {
                if (await AskAsync(node, timeout, cancellation).ConfigureAwait(false) is { } status)
                {
                    statuses[node] = status;
                }
            }

            if (holds(statuses))
            {
                return;
            }

            if (TimeProvider.System.GetElapsedTime(started) > timeout)
            {
                throw new DemoException($"waited {timeout.TotalSeconds:0} s for {what} in vain");
            }

            await Task.Delay(s_interval, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<GroupStatus?> AskAsync(NodeProcess node, TimeSpan timeout, CancellationToken cancellation)
    {
        try
        {
            await using var client = await NewConnector([node.Address], timeout).ConnectAsync(cancellation).ConfigureAwait(false);
            return (await client.Session.StatusAsync(cancellation).ConfigureAwait(false))[0];
        }
        catch (WetwareException)
        {
            return null;
        }
    }

    private sealed class StatusTable : Dictionary<NodeProcess, GroupStatus>
    {
        public bool All(Func<GroupStatus, bool> holds) => Values.All(holds);
    }
}
