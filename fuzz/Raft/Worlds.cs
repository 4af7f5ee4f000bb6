using Wetware.Core;
using Wetware.Raft;

namespace Wetware.Fuzz.Raft;

/// <summary>Draws worlds of a kind.</summary>
internal static class Worlds
{
    public static SimulationOptions Draw(World kind, ref Prng random)
    {
        var drawn = SimulationOptions.Draw(ref random);
        return kind switch
        {
            World.Removals => Removals(drawn, ref random),
            World.SlowDisks => SlowDisks(drawn, ref random),
            World.Witness => Witness(drawn, ref random),
            World.Transfers => Transfers(drawn, ref random),
            World.Asleep => Asleep(drawn, ref random),
            World.Power => Power(drawn, ref random),
            World.Rot => Rot(drawn, ref random),
            _ => drawn,
        };
    }

    private static SimulationOptions Removals(SimulationOptions drawn, ref Prng random) => Safe(drawn) with
    {
        Nodes = 5,
        Voters = 5,
        HasMembershipChanges = true,
        Loss = 0.1 * random.NextDouble(),
        DelayMicrosMax = random.Between(20, 300) * 1000L,
        SyncMicrosMax = random.Between(1, 20) * 1000L,
        FaultMicrosMean = random.Between(500, 3_000) * 1000L,
        ClientMicrosMean = random.Between(5, 100) * 1000L,
        SnapshotEntries = 10_000,
        Faults = [FaultKind.LeaderLeaves, FaultKind.LeaderLeaves, FaultKind.Transfer, FaultKind.Split, FaultKind.Mend, FaultKind.Mend],
    };

    private static SimulationOptions SlowDisks(SimulationOptions drawn, ref Prng random) => Safe(drawn) with
    {
        DelayMicrosMax = random.Between(1, 20) * 1000L,
        SyncMicrosMax = random.Between(100, 1_500) * 1000L,
        LoopMicrosMax = random.Between(20, 200) * 1000L,
        FaultMicrosMean = random.Between(300, 2_000) * 1000L,
        ClientMicrosMean = random.Between(5, 100) * 1000L,
        Faults = [FaultKind.Split, FaultKind.Mend, FaultKind.Mend, FaultKind.Transfer, FaultKind.Pause, FaultKind.Stall],
    };

    private static SimulationOptions Witness(SimulationOptions drawn, ref Prng random) => Safe(drawn) with
    {
        Nodes = 3,
        Voters = 3,
        Witness = new(3),
        SurviveChance = 0,
        SyncMicrosMax = random.Between(20, 300) * 1000L,
        ClientMicrosMean = random.Between(5, 50) * 1000L,
        FaultMicrosMean = random.Between(300, 2_000) * 1000L,
        Faults = [FaultKind.Split, FaultKind.Mend, FaultKind.CrashAll, FaultKind.CrashAll, FaultKind.CrashAll, FaultKind.Crash, FaultKind.FollowerGone],
    };

    private static SimulationOptions Transfers(SimulationOptions drawn, ref Prng random) => Safe(drawn) with
    {
        DelayMicrosMax = random.Between(20, 200) * 1000L,
        ClientMicrosMean = random.Between(20, 200) * 1000L,
        FaultMicrosMean = random.Between(300, 2_000) * 1000L,
        SnapshotEntries = (ulong)random.Between(10, 100),
        SnapshotPadding = random.Between(1, 600) * 1024,
        TransferPiecesMax = random.Between(4, 40),
        Faults = [FaultKind.Split, FaultKind.Mend, FaultKind.Mend, FaultKind.Transfer, FaultKind.Transfer, FaultKind.Transfer, FaultKind.Crash],
    };

    private static SimulationOptions Asleep(SimulationOptions drawn, ref Prng random) => Safe(drawn) with
    {
        HasDamage = true,
        Loss = 0,
        Duplication = 0,
        DelayMicrosMax = random.Between(1, 20) * 1000L,
        FaultMicrosMean = random.Between(5_000, 30_000) * 1000L,
        Clients = 1,
        ClientMicrosMean = 3_600_000_000,
        QuiesceTicks = random.Between(3, 20),
        Faults = [FaultKind.Damage],
    };

    private static SimulationOptions Power(SimulationOptions drawn, ref Prng random) => Safe(drawn) with
    {
        Nodes = 3,
        Voters = 3,
        Witness = new(3),
        Loss = 0,
        DelayMicrosMax = random.Between(1, 20) * 1000L,
        SyncMicrosMax = random.Between(200, 2_000) * 1000L,
        SurviveChance = 0,
        FaultMicrosMean = random.Between(300, 3_000) * 1000L,
        ClientMicrosMean = random.Between(5, 100) * 1000L,
        Faults = [FaultKind.Crash, FaultKind.Crash, FaultKind.CrashAll, FaultKind.CrashAll, FaultKind.CrashAll, FaultKind.CrashAll, FaultKind.Transfer, FaultKind.Transfer],
    };

    private static SimulationOptions Rot(SimulationOptions drawn, ref Prng random) => Safe(drawn) with
    {
        HasDamage = true,
        Loss = 0.1 * random.NextDouble(),
        DelayMicrosMax = random.Between(1, 50) * 1000L,
        SyncMicrosMax = random.Between(50, 300) * 1000L,
        LoopMicrosMax = random.Between(10, 100) * 1000L,
        FaultMicrosMean = random.Between(500, 5_000) * 1000L,
        Clients = random.Between(8, 64),
        ClientMicrosMean = random.Between(5, 50) * 1000L,
        SnapshotEntries = 100_000,
        Faults = [FaultKind.Damage, FaultKind.Misdirect, FaultKind.Crash, FaultKind.Crash, FaultKind.Crash, FaultKind.CrashAll, FaultKind.Stall],
    };

    /// <summary>Nothing that others draw stands in the way of what is looked for.</summary>
    private static SimulationOptions Safe(SimulationOptions drawn) => drawn with
    {
        Groups = 1,
        Voters = drawn.Nodes,
        HasMembershipChanges = false,
        HasDiskFaults = false,
        HasDamage = false,
        PreVote = true,
        CheckQuorum = true,
        ReadMode = ReadMode.Safe,
        MessageBytesMax = 1 << 20,
        QuiesceTicks = 0,
        Witness = NodeId.None,
        Spares = 0,
        SnapshotPadding = 0,
    };
}
