using Microsoft.Extensions.Logging;
using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Host.Client;
using Wetware.Host.Net;
using Wetware.Rpc;

namespace Wetware.Host.Consensus;

/// <summary>Asks the cluster to make this node a member, until it is one.</summary>
internal sealed class MemberJoiner(RaftGroup group, MemberInfo self, Dialer dialer, ILogger logger)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Asks once; whoever is asked passes on who leads, and that one is asked too.</summary>
    /// <returns>Null if anybody answered, or why nobody did.</returns>
    public async Task<string?> AskAsync(IEnumerable<Multiaddr> addresses, Func<NodeId, IReadOnlyList<Multiaddr>> find, CancellationToken cancellation)
    {
        string? why = "there is nobody to ask";
        foreach (var address in addresses)
        {
            try
            {
                var leader = await AskAtAsync(address, cancellation).ConfigureAwait(false);
                if (leader == NodeId.None)
                {
                    // It is reachable, and may know more when it is asked again.
                    why = null;
                    continue;
                }

                foreach (var other in find(leader))
                {
                    await AskAtAsync(other, cancellation).ConfigureAwait(false);
                }

                return null;
            }
            catch (WetwareException failure)
            {
                why = why is null ? null : failure.Message;
            }
        }

        return why;
    }

    /// <summary>Asks until the configuration names this node.</summary>
    public async Task RunAsync(Func<IEnumerable<Multiaddr>> addresses, Func<NodeId, IReadOnlyList<Multiaddr>> find, CancellationToken cancellation)
    {
        while (!IsMember)
        {
            var changed = group.Changed;
            if (await AskAsync(addresses(), find, cancellation).ConfigureAwait(false) is { } why)
            {
                HostLog.JoinFailed(logger, why);
            }

            await Task.WhenAny(changed, Task.Delay(s_interval, cancellation)).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private bool IsMember => group.Status is var status && (status.Voters.Contains(self.Node) || status.Learners.Contains(self.Node));

    private async Task<NodeId> AskAtAsync(Multiaddr address, CancellationToken cancellation)
    {
        var remote = await dialer.DialAsync(address, PeerId.None, cancellation).ConfigureAwait(false);
        await using (remote.ConfigureAwait(false))
        {
            if (remote.Peer == self.Peer)
            {
                return NodeId.None;
            }

            if (address.Peer.IsNone)
            {
                HostLog.Unpinned(logger, address.ToString(), remote.Peer.ToString());
            }

            var request = remote.Consensus.JoinRequest();
            request.Params.SetPeer(self.Peer.Bytes);
            request.Params.Votes = self.Votes;
            request.Params.Node = self.Node.Value;
            var wire = request.Params.InitAddrs(self.Addresses.Length);
            for (var i = 0; i < self.Addresses.Length; i++)
            {
                wire.SetData(i, self.Addresses[i].Bytes);
            }

            try
            {
                using var answer = request.Send(cancellation);
                return new NodeId((await answer).Leader);
            }
            catch (RpcException failure)
            {
                throw new WetwareException($"{address}: {failure.Message}", failure);
            }
        }
    }
}
