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

    private readonly bool[,] _isCut = new bool[world.Options.Nodes + 1, world.Options.Nodes + 1];

    public void Heal() => Array.Clear(_isCut);

    /// <summary>Splits the nodes in two parts that cannot reach each other, or only one way.</summary>
    public void Split()
    {
        var side = world.Agenda.Random.Next();
        var isOneWay = world.Agenda.Random.Chance(0.3);
        for (var from = 1; from <= world.Options.Nodes; from++)
        {
            for (var to = 1; to <= world.Options.Nodes; to++)
            {
                var (fromSide, toSide) = ((side >> from) & 1, (side >> to) & 1);
                _isCut[from, to] = isOneWay ? fromSide < toSide : fromSide != toSide;
            }
        }
    }

    public void Send(GroupId group, in Message message)
    {
        if (IsLost(message))
        {
            return;
        }

        var copy = message;
        // The entries live in the sender's buffers until its next Ready only.
        copy.Entries = message.Entries.ToArray();
        Post(group, copy);
        if (!world.IsHealing && world.Agenda.Random.Chance(world.Options.Duplication))
        {
            Post(group, copy);
        }
    }

    /// <summary>Transfers a stored snapshot: the data go ahead, the message follows. A sender knows how it ended, if it lives to see it.</summary>
    public void SendSnapshot(SimNode from, SnapshotStore snapshots, GroupId group, in Message message)
    {
        var (to, announced, copy) = (message.To, message.Snapshot!, message);
        var state = IsLost(message) ? null : TryRead(snapshots, group, announced);
        var isLost = state is null;
        var life = from.Life;
        world.Agenda.At(world.Agenda.Now + (2 * world.Options.DelayMicrosMax), () =>
        {
            if (life == from.Life && from.IsUp)
            {
                from.Turn(new RaftEvent(RaftEventKind.SnapshotSent, group) { Node = to, HasFailed = isLost || !world.Nodes[to.Value - 1].IsUp });
            }
        });
        if (isLost)
        {
            return;
        }

        world.Agenda.After(world.IsHealing ? HealedDelayMicrosMax : world.Options.DelayMicrosMax, () =>
        {
            var node = world.Nodes[to.Value - 1];
            if (node.IsUp && node.Store(group, announced, state!) is { } stored)
            {
                copy.Snapshot = stored;
                node.Turn(new RaftEvent(RaftEventKind.Message, group) { Message = copy });
            }
        });
    }

    private static byte[]? TryRead(SnapshotStore snapshots, GroupId group, Snapshot snapshot)
    {
        try
        {
            using var reader = snapshots.Open(group, snapshot);
            var state = new byte[reader.Reference.Bytes];
            for (var at = 0; at < state.Length;)
            {
                var chunk = reader.ReadChunk(at);
                chunk.CopyTo(state.AsSpan(at));
                at += chunk.Length;
            }

            return state;
        }
        catch (Exception failure) when (failure is IOException or LogException)
        {
            return null;
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
                node.Turn(new RaftEvent(RaftEventKind.Message, group) { Message = message });
            }
        });
    }
}
