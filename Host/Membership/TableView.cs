using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Host.Consensus;
using Wetware.Membership.Routing;
using Wetware.Protocol.Routing;

namespace Wetware.Host.Membership;

/// <summary>The newest snapshot of a routing table, and word of the next. Written by one thread, read by any.</summary>
internal sealed class TableView(RoutingSnapshot first)
{
    private readonly Lock _gate = new();
    private RoutingSnapshot _snapshot = first;
    private TaskCompletionSource _next = New();

    /// <summary>The table as it was last published.</summary>
    public RoutingSnapshot Snapshot
    {
        get
        {
            lock (_gate)
            {
                return _snapshot;
            }
        }
    }

    /// <summary>
    /// Completes when a snapshot that differs is published. To miss none, take this first, then the snapshot, then await it, and begin again.
    /// </summary>
    public Task Changed
    {
        get
        {
            lock (_gate)
            {
                return _next.Task;
            }
        }
    }

    /// <summary>Whether no member but this node was known.</summary>
    public bool IsAlone => Snapshot.Count <= 1;

    /// <summary>The record of a peer.</summary>
    public bool TryFind(in PeerId peer, out PeerRecord record) => Snapshot.TryGet(in peer, out record);

    /// <summary>The record of a member of the Raft groups.</summary>
    public bool TryFind(NodeId node, out PeerRecord found)
    {
        foreach (ref readonly var record in Snapshot.Select(Query.All))
        {
            if (MemberInfo.IsOf(node, record.Peer))
            {
                found = record;
                return true;
            }
        }

        found = default;
        return false;
    }

    /// <summary>The addresses of all members but one.</summary>
    public IReadOnlyList<Multiaddr> AddressesBut(in PeerId peer)
    {
        var addresses = new List<Multiaddr>();
        foreach (ref readonly var record in Snapshot.Select(Query.All))
        {
            if (record.Peer != peer)
            {
                addresses.AddRange(record.Profile.Addresses);
            }
        }

        return addresses;
    }

    /// <summary>Makes a snapshot the newest.</summary>
    public void Publish(in RoutingSnapshot snapshot)
    {
        TaskCompletionSource? told = null;
        lock (_gate)
        {
            if (!snapshot.IsSameAs(in _snapshot))
            {
                (told, _next) = (_next, New());
            }

            _snapshot = snapshot;
        }

        told?.SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
