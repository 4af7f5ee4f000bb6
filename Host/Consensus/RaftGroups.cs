using System.Runtime.InteropServices;
using Wetware.Core;

namespace Wetware.Host.Consensus;

/// <summary>
/// The Raft groups of a node, and one turn of the loop that drives them. It has no thread and no clock and waits for nothing, so that
/// the same code runs in <see cref="RaftLoop"/> and in virtual time.
/// </summary>
internal sealed class RaftGroups
{
    private readonly Dictionary<GroupId, RaftGroup> _groups = [];

    public Dictionary<GroupId, RaftGroup>.ValueCollection All => _groups.Values;

    public void Add(RaftGroup group) => _groups.Add(group.Id, group);

    public RaftGroup? Find(GroupId group) => _groups.GetValueOrDefault(group);

    /// <summary>Takes what arrived, ticks if it is time, and carries out all that the cores then ask for.</summary>
    /// <param name="log">Where the groups' jobs go.</param>
    /// <param name="queues">Where their messages go.</param>
    /// <param name="arrived">In the order of arrival.</param>
    /// <param name="isTick">Whether a tick is over.</param>
    /// <param name="now">Milliseconds of the clock that deadlines are on.</param>
    public void Turn(ILogWriter log, PeerQueues queues, List<RaftEvent> arrived, bool isTick, long now)
    {
        foreach (ref readonly var happened in CollectionsMarshal.AsSpan(arrived))
        {
            if (happened.Kind == RaftEventKind.Flushed)
            {
                log.Flushed();
            }
            else if (happened.Kind == RaftEventKind.Carried)
            {
                queues.Carried(happened.Node, happened.HasFailed);
            }
            else if (_groups.TryGetValue(happened.Group, out var group))
            {
                group.Handle(happened, now);
            }
        }

        if (isTick)
        {
            foreach (var group in _groups.Values)
            {
                group.Tick(now);
            }
        }

        do
        {
            foreach (var group in _groups.Values)
            {
                group.Pump();
            }

            // Before the log is written: what it holds and what the peers are sent go their ways at the same time.
            queues.Flush();
        }
        while (log.Pump());

        foreach (ref readonly var notice in queues.TakeNotices())
        {
            _groups[notice.Group].Handle(notice, now);
        }
    }

    /// <summary>Ends all that waits.</summary>
    public void Stop(string reason)
    {
        foreach (var group in _groups.Values)
        {
            group.Stop(reason);
        }
    }
}
