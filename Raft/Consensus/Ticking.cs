using Wetware.Core;

namespace Wetware.Raft.Consensus;

/// <summary>What time does to a node.</summary>
internal static class Ticking
{
    public static void Tick(RaftCore core)
    {
        core.CountTick();
        if (core.IsQuiescent)
        {
            return;
        }

        if (core.Role == Role.Leader)
        {
            TickLeader(core);
            return;
        }

        core.ElectionElapsed++;
        if (core.IsPromotable && core.ElectionElapsed >= core.RandomizedElectionTicks)
        {
            core.ElectionElapsed = 0;
            Elections.Hup(core, isTransfer: false);
        }
    }

    private static void TickLeader(RaftCore core)
    {
        core.HeartbeatElapsed++;
        core.ElectionElapsed++;
        if (core.ElectionElapsed >= core.Config.ElectionTicks)
        {
            core.ElectionElapsed = 0;
            if (core.Config.CheckQuorum)
            {
                LeaderSteps.CheckQuorum(core);
            }

            // Whoever leadership was to go to had its time.
            core.Transferee = NodeId.None;
        }

        if (core.Role == Role.Leader && core.HeartbeatElapsed >= core.Config.HeartbeatTicks)
        {
            core.HeartbeatElapsed = 0;
            Replication.BroadcastHeartbeat(core);
        }
    }
}
