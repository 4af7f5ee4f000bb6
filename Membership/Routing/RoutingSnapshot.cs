using System.Diagnostics.CodeAnalysis;
using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Protocol.Routing;

namespace Wetware.Membership.Routing;

/// <summary>
/// A routing table as it was at one moment. Taking one costs a copy of a few references; it never changes, may be read from any thread
/// (if it was handed over with a barrier), and is the garbage collector's to reclaim.
/// </summary>
public readonly struct RoutingSnapshot
{
    private readonly IndexNode? _byPeer;
    private readonly IndexNode? _byServer;
    private readonly IndexNode? _byHost;
    private readonly IndexNode? _byMeta;

    internal RoutingSnapshot(
        SlotStore records, int count, IndexNode? byPeer, IndexNode? byServer, IndexNode? byHost, IndexNode? byMeta)
    {
        Records = records;
        Count = count;
        _byPeer = byPeer;
        _byServer = byServer;
        _byHost = byHost;
        _byMeta = byMeta;
    }

    /// <summary>How many records there are.</summary>
    public int Count { get; }

    internal SlotStore Records { get; }

    /// <summary>The records that a query means. Nothing is read before the first is asked for, and none before it is asked for.</summary>
    public QueryResults Select(Query query) => new(this, query);

    /// <summary>The first record that a query means; false if it means none.</summary>
    public bool TryFirst(Query query, out PeerRecord record)
    {
        foreach (ref readonly var first in Select(query))
        {
            record = first;
            return true;
        }

        record = default;
        return false;
    }

    /// <summary>The record of a peer; false if there is none.</summary>
    public bool TryGet(in PeerId peer, out PeerRecord record)
    {
        Span<byte> text = stackalloc byte[Base58.DigitsMax];
        return TryFirst(Query.Match(IndexKey.Create(IndexKind.Peer, text[..Base58.Encode(peer.Bytes, text)])), out record);
    }

    /// <summary>Whether every record here is also in the other, and the other way round, by having been one table at one moment.</summary>
    public bool IsSameAs(in RoutingSnapshot other) => SlotStore.NextDifference(Records, other.Records, 0) < 0;

    internal IndexNode? Root(IndexKind kind) => kind switch
    {
        IndexKind.Peer => _byPeer,
        IndexKind.Server => _byServer,
        IndexKind.Host => _byHost,
        _ => _byMeta,
    };
}
