using Wetware.Membership.Gossip;

namespace Wetware.Fuzz.Membership;

/// <summary>A node of the simulation, and what the simulation knows of it.</summary>
internal sealed class SimNode(int number, GossipNode node, ulong tail)
{
    internal int Number { get; } = number;

    /// <summary>Its protocol; gone once the node is.</summary>
    internal GossipNode Node { get; private set; } = node;

    internal ulong Tail { get; } = tail;

    internal bool IsRunning { get; set; } = true;

    /// <summary>Until when the process is stopped, though alive.</summary>
    internal ulong BlockedUntil { get; set; }

    /// <summary>On which side of a partition it is; nodes of different sides do not reach each other.</summary>
    internal int Side { get; set; }

    internal long BytesOut { get; set; }

    internal long FramesOut { get; set; }

    /// <summary>Frames that came while the process was stopped, as its sockets would hold them.</summary>
    internal Queue<Frame> Backlog { get; } = new();

    /// <summary>Lets go of what a node that was stopped for good still holds.</summary>
    internal void Retire()
    {
        Node = null!;
        Backlog.Clear();
    }

    internal bool IsUp(ulong now) => IsRunning && now >= BlockedUntil;
}
