using System.Runtime.InteropServices;
using Wetware.Core;
using Wetware.Raft;

namespace Wetware.Host.Consensus;

/// <summary>
/// Gathers what all groups of this node send in a turn, and hands it to the carrier as one request for each member: the heartbeats of any number of
/// groups that fall due in one tick are one request, and so are the answers to them. Owned by the loop; it has no clock and waits for nothing.
/// </summary>
/// <param name="carrier">Which way the batches go.</param>
internal sealed class PeerQueues(IMessageCarrier carrier) : IPeerLinks
{
    private readonly Dictionary<NodeId, PeerQueue> _queues = [];
    private readonly List<PeerQueue> _filled = [];
    private List<RaftEvent> _notices = [];
    private List<RaftEvent> _noticed = [];

    public void Send(GroupId group, in Message message)
    {
        var isBare = message is { Type: MessageType.MsgSnap, Snapshot.Data.IsEmpty: true };
        if (message.Type == MessageType.MsgSnap && !isBare)
        {
            carrier.CarrySnapshot(group, message);
            return;
        }

        ref var queue = ref CollectionsMarshal.GetValueRefOrAddDefault(_queues, message.To, out _);
        queue ??= new PeerQueue(message.To);
        if (!queue.TryAdd(group, message))
        {
            Notice(isBare ? RaftEventKind.SnapshotSent : RaftEventKind.Unreachable, group, message.To, hasFailed: true);
        }
        else if (!queue.IsListed)
        {
            queue.IsListed = true;
            _filled.Add(queue);
        }
    }

    /// <summary>Sends what has gathered to all members to which nothing is under way.</summary>
    public void Flush()
    {
        foreach (var queue in _filled)
        {
            queue.IsListed = false;
            Flush(queue);
        }

        _filled.Clear();
    }

    /// <summary>A batch has arrived, or is lost.</summary>
    public void Carried(NodeId node, bool hasFailed)
    {
        if (_queues.TryGetValue(node, out var queue) && queue.IsUnderWay)
        {
            queue.IsUnderWay = false;
            End(queue.Batch, hasFailed);
            Flush(queue);
        }
    }

    /// <summary>What the groups have to be told of what became of their messages.</summary>
    /// <returns>Valid until the next call.</returns>
    public ReadOnlySpan<RaftEvent> TakeNotices()
    {
        (_notices, _noticed) = (_noticed, _notices);
        _notices.Clear();
        return CollectionsMarshal.AsSpan(_noticed);
    }

    private void Flush(PeerQueue queue)
    {
        while (!queue.IsUnderWay && queue.TryFill())
        {
            switch (carrier.Carry(queue.Batch))
            {
                case Carriage.UnderWay:
                    queue.IsUnderWay = true;
                    break;
                case Carriage.Gone:
                    End(queue.Batch, hasFailed: false);
                    break;
                default:
                    queue.Batch.ReturnEnvelopes();
                    End(queue.Batch, hasFailed: true);
                    break;
            }
        }
    }

    private void End(MessageBatch batch, bool hasFailed)
    {
        foreach (var group in batch.BareSnapshots)
        {
            Notice(RaftEventKind.SnapshotSent, group, batch.To, hasFailed);
        }

        if (hasFailed)
        {
            foreach (ref readonly var message in batch.Messages)
            {
                Notice(RaftEventKind.Unreachable, message.Group, batch.To, hasFailed: true);
            }
        }

        batch.Clear();
    }

    private void Notice(RaftEventKind kind, GroupId group, NodeId node, bool hasFailed)
    {
        var notice = new RaftEvent(kind, group) { Node = node, HasFailed = hasFailed };
        if (_notices.Count == 0 || _notices[^1] != notice)
        {
            _notices.Add(notice);
        }
    }
}
