using Wetware.Client.Net;
using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Host.Services.Anchors;
using Wetware.Host.Net;
using Wetware.Membership.Routing;
using Wetware.Protocol.Routing;

namespace Wetware.Host.Membership;

/// <summary>The nodes of the cluster as of the last tick of the membership loop, and the connections to them.</summary>
internal sealed class ClusterHosts(PeerId self, TableView table, PeerPool pool) : IHosts
{
    private const int ServerIdChars = 16;

    public PeerId Self => self;

    public IReadOnlyList<PeerId> List()
    {
        var peers = new SortedDictionary<string, PeerId>(StringComparer.Ordinal) { [self.ToString()] = self };
        foreach (ref readonly var record in table.Snapshot.Select(Query.All))
        {
            peers[record.Peer.ToString()] = record.Peer;
        }

        return [.. peers.Values];
    }

    public PeerId Resolve(string name)
    {
        if (PeerId.TryParse(name, out var peer))
        {
            return peer == self || table.TryFind(peer, out _) ? peer : PeerId.None;
        }

        return name.Length == ServerIdChars && name.All(char.IsAsciiHexDigitLower)
            && table.Snapshot.TryFirst(Query.Match(IndexKey.Create(IndexKind.Server, name)), out var record) ? record.Peer : PeerId.None;
    }

    public Task<RemoteNode> ConnectAsync(PeerId peer) =>
        table.TryFind(peer, out var record)
            ? pool.GetAsync(peer, [.. record.Profile.Addresses])
            : Task.FromException<RemoteNode>(new WetwareException($"there is no node {peer} in the cluster"));
}
