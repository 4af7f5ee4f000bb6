using Wetware.Membership.Routing;

namespace Wetware.Membership.Gossip;

/// <summary>
/// Keeps a routing table in step with a view. As long as the protocol believes in a member, its record is renewed well inside its TTL, a
/// slice of the view at each tick; what it stops believing in is taken out at once.
/// </summary>
internal sealed class TableFeed
{
    /// <summary>Every record is renewed at least this often, in milliseconds: a third of the shortest TTL.</summary>
    private const ulong RenewMs = 300;

    private readonly GossipNode _node;
    private readonly RoutingTable _table;
    private readonly Queue<MemberChange> _changes = new();
    private ulong _renewedAt;
    private int _next;

    internal TableFeed(GossipNode node, RoutingTable table, ulong now)
    {
        _node = node;
        _table = table;
        _renewedAt = now;
        _table.Upsert(node.Own.Record, now);
    }

    internal bool TryTakeChange(out MemberChange change) => _changes.TryDequeue(out change);

    /// <summary>Takes over what changed.</summary>
    internal void Take(ulong now)
    {
        while (_node.TryTakeChange(out var change))
        {
            if (change.Kind is MemberChangeKind.Joined or MemberChangeKind.Updated)
            {
                _table.Upsert(change.Record.Record, now);
            }
            else
            {
                _table.Remove(change.Record.Record.Peer, out _);
            }

            // Nobody needs to ask for the changes; those that nobody asked for are dropped, oldest first.
            if (_changes.Count >= Limits.ChangesMax)
            {
                _changes.Dequeue();
            }

            _changes.Enqueue(change);
        }
    }

    internal void Tick(ulong now)
    {
        Take(now);
        var share = Math.Min(1.0, (now - Math.Min(now, _renewedAt)) / (double)RenewMs);
        var count = Math.Min(_node.Count, (int)Math.Ceiling(share * _node.Count));
        _renewedAt = now;
        for (var i = 0; i < count; i++)
        {
            _next = _next + 1 < _node.Count ? _next + 1 : 0;
            _table.Renew(_node.Member(_next).Record.Peer, now);
        }

        while (_table.TryExpire(now, out var expired))
        {
            // Only after this process was stopped can a record that the protocol believes in have run out; it has come back to it.
            if (_node.TryGet(expired.Peer.Tail, out var member))
            {
                _table.Upsert(member!.Record, now);
            }
        }
    }
}
