using Wetware.Core;
using Wetware.Protocol.Routing;

namespace Wetware.Cli;

/// <summary>
/// The answer to a query as it was last printed. Another node, or the same one after the connection was lost, begins again with all of its
/// answer; what is printed then is only what differs.
/// </summary>
/// <param name="print">Prints one line; null for a record of the answer that was there at the beginning.</param>
internal sealed class WatchedAnswer(Action<ClusterChangeKind?, ClusterRecord> print)
{
    private readonly Dictionary<PeerId, ClusterRecord> _known = [];
    private readonly HashSet<PeerId> _confirmed = [];
    private bool _isFirst = true;
    private bool _isConfirming = true;

    /// <summary>The records that were last known.</summary>
    public IReadOnlyCollection<ClusterRecord> Known => _known.Values;

    /// <summary>A node begins to tell its answer.</summary>
    public void Begin()
    {
        _confirmed.Clear();
        _isConfirming = true;
    }

    /// <summary>Takes what a node told, and prints what is new in it.</summary>
    public void Apply(ClusterChanges changes)
    {
        foreach (var change in changes.Items)
        {
            Apply(change);
        }

        if (_isConfirming && changes.IsCurrent)
        {
            _isConfirming = false;
            _isFirst = false;
            foreach (var record in _known.Values.Where(record => !_confirmed.Contains(record.Peer)).ToList())
            {
                _known.Remove(record.Peer);
                print(ClusterChangeKind.Left, record);
            }
        }
    }

    private void Apply(ClusterChange change)
    {
        var record = change.Record;
        if (change.Kind == ClusterChangeKind.Left)
        {
            _known.Remove(record.Peer);
            print(ClusterChangeKind.Left, record);
            return;
        }

        if (_isConfirming)
        {
            _confirmed.Add(record.Peer);
        }

        if (!_known.TryGetValue(record.Peer, out var old))
        {
            print(_isFirst ? null : ClusterChangeKind.Joined, record);
        }
        else if (!SaysTheSame(old, record))
        {
            print(ClusterChangeKind.Updated, record);
        }

        _known[record.Peer] = record;
    }

    /// <summary>The number of the heartbeat aside, which is always another.</summary>
    private static bool SaysTheSame(ClusterRecord one, ClusterRecord other) =>
        one.Server == other.Server && one.Ttl == other.Ttl && one.Host == other.Host
        && one.Meta.SequenceEqual(other.Meta) && one.Addresses.SequenceEqual(other.Addresses);
}
