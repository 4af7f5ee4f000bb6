using Wetware.Raft;

namespace Wetware.Fuzz.Raft;

/// <summary>How long a cluster commits nothing after its leader has crashed: simulated, one crash a seed, on the real log and loop.</summary>
internal static class Failover
{
    public const int Nodes = 5;

    /// <summary>Election timeouts that 99 of 100 should stay within.</summary>
    public const double Goal = 2;

    private const long CrashMicros = 3_000_000;
    private const long EventsMax = 1_000_000;

    /// <summary>Lives through a crash in each of so many seeds.</summary>
    public static FailoverFigures Measure(ulong seed, int count)
    {
        var took = new double[count];
        for (var i = 0; i < count; i++)
        {
            took[i] = One(seed + (ulong)i);
        }

        Array.Sort(took);
        return new(took);
    }

    private static double One(ulong seed)
    {
        var simulation = new Simulation(seed, Options);
        var members = simulation.Members(0);
        SimMember? Leader() => Array.Find(members, member => member.IsUp && member.Raft.SoftState.Role == Role.Leader);
        Until(simulation, () => simulation.Agenda.Now > CrashMicros && Leader() is { } leader && leader.Raft.HardState.Commit >= leader.Raft.LastIndex);
        var old = Leader()!;
        var (crashed, term) = (simulation.Agenda.Now, old.Raft.HardState.Term);
        simulation.Nodes[old.Id.Value - 1].Crash(isPowerLost: true);
        Until(simulation, () => Leader() is { } leader && leader.Raft.HardState.Term > term && leader.TermAt(leader.Raft.HardState.Commit) > term);
        return (simulation.Agenda.Now - crashed) / (double)(SimulationOptions.ElectionTicks * SimulationOptions.TickMicros);
    }

    private static void Until(Simulation simulation, Func<bool> holds)
    {
        while (!holds())
        {
            if (simulation.Agenda.Events > EventsMax)
            {
                throw new SimulationFailure("no leader commits\n" + simulation.Describe());
            }

            simulation.Agenda.Run(1);
        }
    }

    // A network and disks as they are within a data centre, and nothing that goes wrong but the crash.
    private static SimulationOptions Options { get; } = new()
    {
        Nodes = Nodes,
        Voters = Nodes,
        Groups = 1,
        Loss = 0,
        Duplication = 0,
        DelayMicrosMax = 2_000,
        SyncMicrosMax = 5_000,
        ClockDrift = 0.01,
        FaultMicrosMean = long.MaxValue / 4,
        ClientMicrosMean = 50_000,
        HasMembershipChanges = false,
        HasDiskFaults = false,
        HasDamage = false,
        SurviveChance = 0.5,
        Clients = 3,
        SnapshotEntries = 1_000,
        PreVote = true,
        CheckQuorum = true,
        ReadMode = ReadMode.Safe,
        InflightMax = 64,
        MessageBytesMax = 1 << 20,
        QuiesceTicks = 0,
        Witness = Core.NodeId.None,
        UsesWire = false,
        SplitsBatches = false,
        LoopMicrosMax = 0,
        Spares = 0,
        SnapshotPadding = 0,
        SnapshotBytesPerSecond = 64 << 20,
    };
}
