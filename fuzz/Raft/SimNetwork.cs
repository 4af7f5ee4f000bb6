using Wetware.Core;
using Wetware.Host.Consensus;
using Wetware.Raft;
using Wetware.Raft.Log;

namespace Wetware.Fuzz.Raft;

/// <summary>Carries messages between nodes, late, twice, in another order or not at all. Links have directions.</summary>
internal sealed class SimNetwork(Simulation world)
{
    public const long HealedDelayMicrosMax = 2_000;
    private const long StrayDelayMicrosMax = 10_000_000;

    private readonly bool[,] _isCut = new bool[NodesMax(world) + 1, NodesMax(world) + 1];

    public void Heal() => Array.Clear(_isCut);

    /// <summary>Splits the nodes in two parts that cannot reach each other, or only one way.</summary>
    public void Split()
    {
        var side = world.Agenda.Random.Next();
        var isOneWay = world.Agenda.Random.Chance(0.3);
        for (var from = 1; from <= NodesMax(world); from++)
        {
            for (var to = 1; to <= NodesMax(world); to++)
            {
                var (fromSide, toSide) = ((side >> from) & 1, (side >> to) & 1);
                _isCut[from, to] = isOneWay ? fromSide < toSide : fromSide != toSide;
            }
        }
    }

    /// <summary>A process has ended: sooner or later those it was connected to are told.</summary>
    public void Disconnect(SimNode dead)
    {
        foreach (var other in world.Nodes)
        {
            var life = other.Life;
            world.Agenda.After(DelayMicrosMax, () =>
            {
                for (var group = 1; group <= world.Options.Groups && life == other.Life && other.IsUp; group++)
                {
                    other.Turn(new RaftEvent(RaftEventKind.Unreachable, new((ulong)group)) { Node = dead.Id });
                }
            });
        }
    }

    public void Send(GroupId group, in Message message)
    {
        if (IsLost(message))
        {
            return;
        }

        // The entries live in the sender's buffers until its next Ready only.
        var copy = world.Options.UsesWire ? SimWire.Copy(group, message) : message with { Entries = message.Entries.ToArray() };
        Post(group, copy);
        if (!world.IsHealing && world.Agenda.Random.Chance(world.Options.Duplication))
        {
            Post(group, copy);
        }
    }

    /// <summary>
    /// Transfers a stored snapshot piece by piece: the data go ahead, the message follows. The transfer breaks off with either end or the way
    /// between. A sender knows how it ended, if it lives to see it.
    /// </summary>
    public void SendSnapshot(SimNode from, SnapshotStore snapshots, GroupId group, in Message message)
    {
        var (to, sent) = (world.Nodes[message.To.Value - 1], message);
        if (message.Snapshot!.Data.IsEmpty)
        {
            // For a witness: the message is all there is.
            Send(group, message);
            world.Agenda.After(DelayMicrosMax, () => Report(from, from.Life, group, to, hasFailed: !to.IsUp));
            return;
        }

        var transfer = IsLost(message) ? null : SimTransfer.Begin(world, snapshots, group, message);
        var life = from.Life;
        if (transfer is null)
        {
            world.Agenda.After(DelayMicrosMax, () => Report(from, life, group, to, hasFailed: true));
            return;
        }

        void Go() => world.Agenda.After(DelayMicrosMax, () =>
        {
            var isBroken = life != from.Life || !from.IsUp || IsLost(sent) || !transfer.TryStep(to);
            if (!isBroken && !transfer.IsDone)
            {
                Go();
                return;
            }

            transfer.End();
            Report(from, life, group, to, isBroken);
        });
        Go();
    }

    private long DelayMicrosMax => world.IsHealing ? HealedDelayMicrosMax : world.Options.DelayMicrosMax;

    private static int NodesMax(Simulation world) => world.Options.Nodes + world.Options.Spares;

    private static void Report(SimNode from, int life, GroupId group, SimNode to, bool hasFailed)
    {
        if (life == from.Life && from.IsUp)
        {
            from.Turn(new RaftEvent(RaftEventKind.SnapshotSent, group) { Node = to.Id, HasFailed = hasFailed });
        }
    }

    private bool IsLost(in Message message) =>
        message.To.Value > (ulong)world.Nodes.Length
        || _isCut[message.From.Value, message.To.Value]
        || (!world.IsHealing && world.Agenda.Random.Chance(world.Options.Loss));

    private void Post(GroupId group, Message message)
    {
        // Once in a while something turns up that everybody had given up on.
        ref var random = ref world.Agenda.Random;
        var delayMax = world.IsHealing ? HealedDelayMicrosMax : random.Chance(0.002) ? StrayDelayMicrosMax : world.Options.DelayMicrosMax;
        world.Agenda.At(world.Agenda.Now + 1 + (long)random.Below((ulong)delayMax), () =>
        {
            var node = world.Nodes[message.To.Value - 1];
            if (node.IsUp && !_isCut[message.From.Value, message.To.Value])
            {
                node.Turn(RaftEvent.Of(group, message));
            }
        });
    }
}
