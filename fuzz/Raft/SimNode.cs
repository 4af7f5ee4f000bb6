using Wetware.Core;

namespace Wetware.Fuzz.Raft;

/// <summary>A machine: one clock and one disk for its members of all groups.</summary>
internal sealed class SimNode(NodeId id, SimReplica[] replicas, double clockRate)
{
    public NodeId Id { get; } = id;

    public SimReplica[] Replicas { get; } = replicas;

    public SimDisk Disk { get; } = new();

    /// <summary>How much longer its ticks are than they should be.</summary>
    public double ClockRate { get; } = clockRate;

    public bool IsUp { get; set; } = true;

    /// <summary>Counts starts, so that what was scheduled before a crash is recognised and dropped.</summary>
    public int Incarnation { get; set; }

    /// <summary>Ticks that passed while it did nothing.</summary>
    public int MissedTicks { get; set; }

    /// <summary>Until when it does nothing, as if it were stopped.</summary>
    public long PausedUntil { get; set; }
}
