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
    /// <param name="arrived">In the order of arrival.</param>
    /// <param name="isTick">Whether a tick is over.</param>
    /// <param name="now">Milliseconds of the clock that deadlines are on.</param>
    public void Turn(ILogWriter log, List<RaftEvent> arrived, bool isTick, long now)
    {
        foreach (ref readonly var happened in CollectionsMarshal.AsSpan(arrived))
        {
            if (happened.Kind == RaftEventKind.Flushed)
            {
                log.Flushed();
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
        }
        while (log.Pump());
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
