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
    private const double SlowChance = 0.05;
    private const double BrokenChance = 0.3;
    private const double NoticedChance = 0.5;

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

    /// <summary>A node's request to another. Some take so long that the next has to wait; of some it is known at once that they cannot arrive.</summary>
    public Carriage Carry(SimNode from, MessageBatch batch)
    {
        ref var random = ref world.Agenda.Random;
        if (batch.To.Value > (ulong)world.Nodes.Length || (!world.Nodes[batch.To.Value - 1].IsUp && random.Chance(NoticedChance)))
        {
            return Carriage.Lost;
        }

        var (copies, to) = (Copy(batch), batch.To);
        batch.ReturnEnvelopes();
        if (world.Options.SplitsBatches)
        {
            Array.ForEach(copies, copy => Send(from, to, copy));
        }
        else
        {
            Send(from, to, copies);
        }

        if (world.IsHealing || !random.Chance(SlowChance))
        {
            return Carriage.Gone;
        }

        var (life, hasFailed) = (from.Life, random.Chance(BrokenChance));
        world.Agenda.After(DelayMicrosMax, () =>
        {
            if (life == from.Life && from.IsUp)
            {
                from.Turn(new RaftEvent(RaftEventKind.Carried, default) { Node = to, HasFailed = hasFailed });
            }
        });
        return Carriage.UnderWay;
    }

    /// <summary>
    /// Transfers a stored snapshot piece by piece: the data go ahead, the message follows. The transfer breaks off with either end or the way
    /// between. A sender knows how it ended, if it lives to see it.
    /// </summary>
    public void SendSnapshot(SimNode from, GroupId group, in Message message)
    {
        var (to, sent) = (world.Nodes[message.To.Value - 1], message);
        var transfer = IsLost(from.Id, sent.To) ? null : SimTransfer.Begin(world, from, group, message);
        var life = from.Life;
        if (transfer is null)
        {
            world.Agenda.After(DelayMicrosMax, () => Report(from, life, group, to, hasFailed: true));
            return;
        }

        void Step()
        {
            var isBroken = life != from.Life || !from.IsUp || IsLost(from.Id, to.Id) || !transfer.TryStep(to);
            if (!isBroken && !transfer.IsDone)
            {
                Go();
                return;
            }

            transfer.End();
            Report(from, life, group, to, isBroken);
        }

        void Go()
        {
            var wait = transfer.Take(TimeSpan.FromMicroseconds(world.Agenda.Now));
            var micros = (long)wait.TotalMicroseconds + 1 + (long)world.Agenda.Random.Below(2 * (ulong)DelayMicrosMax);
            world.Agenda.At(world.Agenda.Now + micros, Step);
        }

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

    private bool IsLost(NodeId from, NodeId to) => _isCut[from.Value, to.Value] || (!world.IsHealing && world.Agenda.Random.Chance(world.Options.Loss));

    // The entries live in the sender's buffers until its next Ready only.
    private (GroupId Group, Message Message)[] Copy(MessageBatch batch)
    {
        if (world.Options.UsesWire)
        {
            return SimWire.Copy(batch);
        }

        var copies = new (GroupId, Message)[batch.Count];
        for (var i = 0; i < copies.Length; i++)
        {
            ref readonly var message = ref ((Envelope)batch.Messages[i].Subject!).Message;
            copies[i] = (batch.Messages[i].Group, message with { Entries = message.Entries.ToArray() });
        }

        return copies;
    }

    private void Send(SimNode from, NodeId to, params (GroupId Group, Message Message)[] messages)
    {
        if (IsLost(from.Id, to))
        {
            return;
        }

        Post(from.Id, to, messages);
        if (!world.IsHealing && world.Agenda.Random.Chance(world.Options.Duplication))
        {
            Post(from.Id, to, messages);
        }
    }

    private void Post(NodeId from, NodeId to, (GroupId Group, Message Message)[] messages)
    {
        // Once in a while something turns up that everybody had given up on.
        ref var random = ref world.Agenda.Random;
        var delayMax = world.IsHealing ? HealedDelayMicrosMax : random.Chance(0.002) ? StrayDelayMicrosMax : world.Options.DelayMicrosMax;
        world.Agenda.At(world.Agenda.Now + 1 + (long)random.Below((ulong)delayMax), () =>
        {
            var node = world.Nodes[to.Value - 1];
            if (node.IsUp && !_isCut[from.Value, to.Value])
            {
                node.Turn(Array.ConvertAll(messages, sent => RaftEvent.Of(sent.Group, sent.Message)));
            }
        });
    }
}
