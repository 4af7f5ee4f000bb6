using Wetware.Core;
using Wetware.Host.Consensus;
using Wetware.Raft;

namespace Wetware.Fuzz.Raft;

/// <summary>What a node's log has done elsewhere, in one life of the node: it ends after a while, or with the node.</summary>
internal sealed class SimLogWork(Simulation world, SimNode node) : ILogWork
{
    private readonly int _life = node.Life;

    /// <summary>What is on its way to the disk.</summary>
    public Action? Flushing { get; private set; }

    public void Flush(Action run)
    {
        Flushing = run;
        var micros = 1 + (long)world.Agenda.Random.Below((ulong)(world.IsHealing ? SimNetwork.HealedDelayMicrosMax : world.Options.SyncMicrosMax));
        FinishAt(Math.Max(node.StalledUntil, world.Agenda.Now + micros));
    }

    public void Store(GroupId group, Func<Action> run) => world.Agenda.After(world.Options.SyncMicrosMax, () =>
    {
        if (IsAlive)
        {
            node.Turn(new RaftEvent(RaftEventKind.Call, group) { Subject = run() });
        }
    });

    private bool IsAlive => _life == node.Life && node.IsUp;

    private void FinishAt(long at) => world.Agenda.At(at, () =>
    {
        if (!IsAlive)
        {
            return;
        }

        if (world.Agenda.Now < node.StalledUntil)
        {
            FinishAt(node.StalledUntil);
            return;
        }

        var run = Flushing!;
        Flushing = null;
        run();
        node.Turn(new RaftEvent(RaftEventKind.Flushed, default));
    });
}
