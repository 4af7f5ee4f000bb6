using Wetware.Core;
using Wetware.Raft;

namespace Wetware.Fuzz.Raft;

/// <summary>What kind of world a seed draws. Times in microseconds of virtual time, rates as probabilities.</summary>
internal sealed record SimulationOptions
{
    /// <summary>Between two ticks of a node whose clock is right.</summary>
    public const long TickMicros = 100_000;

    /// <summary>Ticks of an election timeout.</summary>
    public const int ElectionTicks = 10;

    public required int Nodes { get; init; }

    public required int Voters { get; init; }

    public required int Groups { get; init; }

    public required double Loss { get; init; }

    public required double Duplication { get; init; }

    public required long DelayMicrosMax { get; init; }

    public required long SyncMicrosMax { get; init; }

    public required double ClockDrift { get; init; }

    public required long FaultMicrosMean { get; init; }

    public required long ClientMicrosMean { get; init; }

    public required bool HasMembershipChanges { get; init; }

    /// <summary>Whether syncs and reads fail, and disks fill up.</summary>
    public required bool HasDiskFaults { get; init; }

    /// <summary>Whether disks lose what was acknowledged: sectors rot, writes go astray, machines are gone.</summary>
    public required bool HasDamage { get; init; }

    /// <summary>Of each sector that was written and not synced: that a loss of power leaves it written.</summary>
    public required double SurviveChance { get; init; }

    public required int Clients { get; init; }

    /// <summary>Applied entries between two snapshots.</summary>
    public required ulong SnapshotEntries { get; init; }

    public required bool PreVote { get; init; }

    public required bool CheckQuorum { get; init; }

    public required ReadMode ReadMode { get; init; }

    public required int InflightMax { get; init; }

    public required ulong MessageBytesMax { get; init; }

    /// <summary>After how many idle ticks a group goes to sleep; zero is never.</summary>
    public required int QuiesceTicks { get; init; }

    /// <summary>The voter that is never more than a witness, or nobody.</summary>
    public required NodeId Witness { get; init; }

    /// <summary>Whether messages go through the wire's encoding.</summary>
    public required bool UsesWire { get; init; }

    /// <summary>Whether what a node sends to another in a turn falls apart, so that each message has a fate of its own.</summary>
    public required bool SplitsBatches { get; init; }

    /// <summary>How long what arrives may wait for a node's loop, which then takes all of it in one turn; zero is no time at all.</summary>
    public required long LoopMicrosMax { get; init; }

    /// <summary>Disks that machines get in place of lost ones; with it, a machine is another member. A leader must notice that the former one is silent.</summary>
    public required int Spares { get; init; }

    /// <summary>Bytes that every snapshot has besides its state, other ones on each node: a transfer takes several chunks.</summary>
    public required int SnapshotPadding { get; init; }

    /// <summary>What a node sends of snapshots at most.</summary>
    public required long SnapshotBytesPerSecond { get; init; }

    /// <summary>Pieces that a snapshot is sent in, at most.</summary>
    public int TransferPiecesMax { get; init; } = 4;

    /// <summary>What goes wrong: each time, one of these.</summary>
    public IReadOnlyList<FaultKind> Faults { get; init; } =
    [
        FaultKind.Split, FaultKind.Split, FaultKind.Mend, FaultKind.Mend, FaultKind.Crash, FaultKind.Crash, FaultKind.Crash, FaultKind.Pause, FaultKind.Stall,
        FaultKind.Transfer, FaultKind.Members, FaultKind.Members, FaultKind.CrashAll, FaultKind.FailSyncs, FaultKind.FillUp, FaultKind.FailReads, FaultKind.Damage, FaultKind.Misdirect,
    ];

    public static SimulationOptions Draw(ref Prng random)
    {
        var nodes = random.Between(3, 7);
        var isQuiet = random.Chance(0.2);
        var hasChanges = random.Chance(0.5);
        var preVote = hasChanges || random.Chance(0.8);
        var checkQuorum = hasChanges || random.Chance(0.8);
        var voters = hasChanges ? random.Between(1, nodes) : nodes;
        // With a witness among them, the loss of one disk, or of a voter that was up to date, can block a group for good.
        var hasDamage = !hasChanges && random.Chance(0.5);
        var isPadded = random.Chance(0.05);
        return new()
        {
            Nodes = nodes,
            Voters = voters,
            Groups = random.Between(1, 3),
            Loss = isQuiet ? 0 : 0.3 * random.NextDouble(),
            Duplication = isQuiet ? 0 : 0.5 * random.NextDouble(),
            DelayMicrosMax = random.Between(1, 300) * 1000L,
            SyncMicrosMax = random.Between(1, 100) * 1000L,
            ClockDrift = 0.05 * random.NextDouble(),
            FaultMicrosMean = random.Between(300, 20_000) * 1000L,
            ClientMicrosMean = random.Between(10, 600) * 1000L,
            HasMembershipChanges = hasChanges,
            HasDiskFaults = random.Chance(0.5),
            // While the voters change, one damaged disk can be more than a group survives.
            HasDamage = hasDamage,
            SurviveChance = random.Chance(0.3) ? 0 : 0.8 * random.NextDouble(),
            Clients = random.Between(1, 8),
            SnapshotEntries = (ulong)random.Between(4, 300) * (isPadded ? 8UL : 1),
            PreVote = preVote,
            CheckQuorum = checkQuorum,
            ReadMode = checkQuorum && random.Chance(0.3) ? ReadMode.LeaseBased : ReadMode.Safe,
            InflightMax = random.Between(1, 64),
            MessageBytesMax = random.Chance(0.3) ? random.Below(100) : 1 << 20,
            QuiesceTicks = random.Chance(0.3) ? random.Between(1, 20) : 0,
            Witness = !hasChanges && !hasDamage && random.Chance(0.3) ? new((ulong)voters) : NodeId.None,
            UsesWire = random.Chance(0.1),
            SplitsBatches = random.Chance(0.5),
            LoopMicrosMax = random.Chance(0.5) ? random.Between(1, 50) * 1000L : 0,
            Spares = hasDamage && checkQuorum && random.Chance(0.7) ? 2 : 0,
            SnapshotPadding = isPadded ? random.Between(1, 3 * 256 * 1024) : 0,
            SnapshotBytesPerSecond = 1L << random.Between(16, 26),
        };
    }
}
