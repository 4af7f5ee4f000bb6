using Wetware.Core;
using Wetware.Fuzz.Disk;
using Wetware.Host.Consensus;
using Wetware.Host.Storage;
using Wetware.Raft;
using Wetware.Raft.Log;

namespace Wetware.Fuzz.Raft;

/// <summary>What goes wrong in a simulated cluster, and who puts it right again.</summary>
internal sealed class Faults(Simulation world)
{
    private const int RestartMicrosMax = 10_000_000;

    public long Crashes { get; private set; }

    /// <summary>Nodes whose disk has lost something that was acknowledged.</summary>
    public long Damages { get; private set; }

    /// <summary>Machines that went on with an empty disk.</summary>
    public long Replacements { get; private set; }

    /// <summary>Nodes that stopped because of their disk.</summary>
    public long Deaths { get; private set; }

    /// <summary>Starts of a group behind damaged entries, which its peers had to send again.</summary>
    public long Repairs { get; set; }

    public void Begin() => world.Agenda.After(world.Options.FaultMicrosMean, Strike);

    /// <summary>Ends all that goes on. What is lost stays lost.</summary>
    public void End()
    {
        world.Network.Heal();
        foreach (var node in world.Nodes)
        {
            (node.StalledUntil, node.Disk.Capacity, node.Disk.IsNextAstray) = (0, long.MaxValue, false);
            node.Disk.Faults = node.Disk.Faults with { SyncFailChance = 0, ReadFailChance = 0 };
            if (node.IsUp)
            {
                node.Wake();
            }
            else
            {
                Restart(node);
            }
        }
    }

    /// <summary>A node stopped by itself.</summary>
    public void Died(SimNode node, Exception failure)
    {
        Deaths++;
        node.Crash(isPowerLost: failure is LogFailedException && world.Agenda.Random.Chance(0.3));
        world.Network.Disconnect(node);
        PlanRestart(node);
    }

    private void Strike()
    {
        if (world.IsHealing)
        {
            Lead(LeaveJoint);
            world.Agenda.After(1_000_000, Strike);
            return;
        }

        world.Agenda.After(world.Options.FaultMicrosMean, Strike);
        ref var random = ref world.Agenda.Random;
        var node = world.Nodes[random.Below((ulong)world.Nodes.Length)];
        var kinds = world.Options.Faults;
        switch (kinds[(int)random.Below((ulong)kinds.Count)])
        {
            case FaultKind.Split: world.Network.Split(); break;
            case FaultKind.Mend: world.Network.Heal(); break;
            case FaultKind.Crash: Crash(node); break;
            case FaultKind.CrashAll: CrashAll(); break;
            case FaultKind.Pause: node.Pause((long)random.Below(5_000_000)); break;
            case FaultKind.Stall: node.StalledUntil = world.Agenda.Now + (long)random.Below(5_000_000); break;
            case FaultKind.Transfer: Lead(member => member.Raft.TransferLeader(new(world.Agenda.Random.Below((ulong)world.Nodes.Length) + 1))); break;
            case FaultKind.Members when world.Options.HasMembershipChanges: Lead(ChangeMembers); break;
            case FaultKind.LeaderLeaves when world.Options.HasMembershipChanges: Lead(RemoveLeader); break;
            case FaultKind.FailSyncs when world.Options.HasDiskFaults: FailFor(node, node.Disk.Faults with { SyncFailChance = 0.3 }); break;
            case FaultKind.FillUp when world.Options.HasDiskFaults: FillUp(node); break;
            case FaultKind.FailReads when world.Options.HasDiskFaults: FailFor(node, node.Disk.Faults with { ReadFailChance = 0.05 }); break;
            case FaultKind.Damage when world.Options.HasDamage: Damage(node); break;
            case FaultKind.Misdirect when world.Options.HasDamage: Misdirect(node); break;
            case FaultKind.FollowerGone when world.Options.Witness != NodeId.None: LoseFollower(node); break;
            default: break;
        }
    }

    private void Crash(SimNode node)
    {
        if (node.IsUp)
        {
            Crashes++;
            node.Crash(isPowerLost: world.Agenda.Random.Chance(0.8));
            world.Network.Disconnect(node);
            PlanRestart(node);
        }
    }

    private void CrashAll()
    {
        if (world.Agenda.Random.Chance(0.2))
        {
            Array.ForEach(world.Nodes, Crash);
        }
    }

    private void PlanRestart(SimNode node)
    {
        var life = node.Life;
        world.Agenda.At(world.Agenda.Now + 1 + (long)world.Agenda.Random.Below(RestartMicrosMax), () =>
        {
            if (life == node.Life && !node.IsUp)
            {
                Restart(node);
            }
        });
    }

    private void Restart(SimNode node)
    {
        var isUnused = node.Index >= world.Options.Nodes && node.Former is null;
        if (node.IsLost || node.IsUp || isUnused)
        {
            return;
        }

        try
        {
            node.Start();
        }
        catch (Exception failure) when (failure is LogException or IOException or StorageException)
        {
            node.Disk.Restart();
            var isPassing = node.Disk.Faults is not { SyncFailChance: 0, ReadFailChance: 0 } || node.Disk.Capacity != long.MaxValue;
            if (isPassing)
            {
                PlanRestart(node);
                return;
            }

            world.Members(0)[node.Index].Oracle.Require(node.IsDamaged, $"node {node.Id} cannot start: {failure.Message}");
            Lose(node);
        }
    }

    private void FailFor(SimNode node, DiskFaults faults)
    {
        node.Disk.Faults = faults;
        world.Agenda.After(2_000_000, () => node.Disk.Faults = node.Disk.Faults with { SyncFailChance = 0, ReadFailChance = 0 });
    }

    private void FillUp(SimNode node)
    {
        node.Disk.Capacity = 0;
        world.Agenda.After(5_000_000, () => node.Disk.Capacity = long.MaxValue);
    }

    /// <summary>Loses some of what a node has on its disk, or all of it, while it is down. Only ever on so few nodes that the others can do without.</summary>
    private void Damage(SimNode node)
    {
        if (!MayDamage(node) || !node.IsUp)
        {
            return;
        }

        Break(node);
        ref var random = ref world.Agenda.Random;
        if (random.Chance(0.2))
        {
            Lose(node);
            return;
        }

        if (random.Chance(0.7))
        {
            RotOneOfEach(node.Disk);
        }
        else
        {
            // Many, but not all that is known of the very last batch: nobody could tell that from a torn write.
            var chance = 0.1 * random.NextDouble();
            node.Disk.CorruptAtRest(name => IsSegment(name) || world.Agenda.Random.Chance(0.1), chance, sparesLastSynced: true);
        }

        PlanRestart(node);
    }

    private void Break(SimNode node)
    {
        Crashes++;
        node.Crash(isPowerLost: true);
        world.Network.Disconnect(node);
        node.IsDamaged = true;
        Damages++;
    }

    /// <summary>Loses a voter that does not lead, in a group with a witness, where whoever leads must then get on with the witness alone.</summary>
    private void LoseFollower(SimNode node)
    {
        if (MayDamage(node) && node.IsUp && node.Id != world.Options.Witness && Enumerable.Range(0, world.Options.Groups).All(group => CanLose(node, group)))
        {
            Break(node);
            Lose(node);
        }
    }

    /// <summary>
    /// Whether the group's leader is of the latest term and has an entry of that term on its disk. All that a witness holds of other leaders or will get of them is older,
    /// so that it will vote for this one after every loss of power: if what it got of this one was on that disk.
    /// </summary>
    private bool CanLose(SimNode node, int group)
    {
        var latest = world.Members(group).Where(member => member.Raft is not null).MaxBy(member => (member.Raft.HardState.Term, member.Raft.SoftState.Role == Role.Leader))!;
        return latest is { IsUp: true, Raft.SoftState.Role: Role.Leader } && latest.Id != node.Id 
            && latest.Stored.Term(latest.Stored.DurableIndex, out var durable) == LogRead.Ok && durable == latest.Raft.HardState.Term;
    }

    /// <summary>What a node had is gone for good. If there is a spare disk, its machine starts again with that, as another member.</summary>
    private void Lose(SimNode node)
    {
        node.IsLost = true;
        var spare = Array.Find(world.Nodes, other => other.Index >= world.Options.Nodes && other.Former is null);
        if (spare is not null && !world.IsHealing)
        {
            Replacements++;
            spare.Former = node;
            world.Agenda.After(RestartMicrosMax, () => Restart(spare));
            AskToJoin(spare);
        }
    }

    private void AskToJoin(SimNode node)
    {
        if (Array.Exists(world.Nodes, other => other.Former == node))
        {
            return;
        }

        world.Agenda.After(1_000_000, () => AskToJoin(node));
        for (var group = 1; group <= world.Options.Groups && node.IsUp; group++)
        {
            Array.ForEach(world.Nodes, other => other.Hear(new RaftEvent(RaftEventKind.Join, new((ulong)group)) { Subject = node.Member }));
        }
    }

    /// <summary>Damages a sector that holds something in most of the segments.</summary>
    private void RotOneOfEach(SimulatedDisk disk)
    {
        foreach (var name in disk.List().Where(IsSegment))
        {
            var bytes = disk.Contents(name);
            var written = Enumerable.Range(1, Math.Max(0, (bytes.Length / SimNode.SectorBytes) - 1))
                .Where(sector => bytes.AsSpan(sector * SimNode.SectorBytes, SimNode.SectorBytes).ContainsAnyExcept((byte)0))
                .ToArray();
            if (written.Length > 0 && world.Agenda.Random.Chance(0.8))
            {
                disk.CorruptSector(name, written[world.Agenda.Random.Below((ulong)written.Length)] * (long)SimNode.SectorBytes);
            }
        }
    }

    private static bool IsSegment(string name) => name.EndsWith(".log", StringComparison.Ordinal);

    /// <summary>The next write lands somewhere else.</summary>
    private void Misdirect(SimNode node)
    {
        if (MayDamage(node) && node.IsUp)
        {
            Damages++;
            node.IsDamaged = true;
            node.Disk.IsNextAstray = true;
        }
    }

    private bool MayDamage(SimNode node) => !node.IsDamaged && world.Nodes.Count(other => other.IsDamaged) < (world.Options.Nodes - 1) / 2;

    /// <summary>Does something to whoever believes to lead a group.</summary>
    private void Lead(Action<SimMember> action)
    {
        for (var group = 0; group < world.Options.Groups; group++)
        {
            var leader = Array.Find(world.Members(group), member => member.IsUp && member.Raft.SoftState.Role == Role.Leader);
            if (leader is not null)
            {
                world.Nodes[leader.Id.Value - 1].Call(leader, () => action(leader));
            }
        }
    }

    /// <summary>Removes the leader and another voter, both at once; if too few would be left, adds everybody instead.</summary>
    private void RemoveLeader(SimMember leader)
    {
        var voters = leader.Raft.ConfState.Voters;
        ConfChangeSingle[] changes;
        if (voters.Length > 3 && voters.Contains(leader.Id))
        {
            var others = voters.Where(id => id != leader.Id).ToArray();
            var other = others[world.Agenda.Random.Below((ulong)others.Length)];
            changes = [new(ConfChangeType.RemoveNode, leader.Id), new(ConfChangeType.RemoveNode, other)];
        }
        else
        {
            changes = [.. world.Nodes.Select(node => new ConfChangeSingle(ConfChangeType.AddNode, node.Id))];
        }

        _ = leader.Raft.ProposeConfChange(new ConfChangeV2(ConfChangeTransition.Auto, [.. changes], default));
    }

    private static void LeaveJoint(SimMember leader)
    {
        if (leader.Raft.ConfState.IsJoint)
        {
            _ = leader.Raft.ProposeConfChange(ConfChangeV2.Leave);
        }
    }

    private void ChangeMembers(SimMember leader)
    {
        ref var random = ref world.Agenda.Random;
        if (leader.Raft.ConfState.IsJoint && random.Chance(0.7))
        {
            LeaveJoint(leader);
            return;
        }

        var changes = new ConfChangeSingle[random.Between(1, 3)];
        for (var i = 0; i < changes.Length; i++)
        {
            var type = random.Below(5) switch { 0 => ConfChangeType.RemoveNode, 1 => ConfChangeType.AddLearnerNode, _ => ConfChangeType.AddNode };
            changes[i] = new(type, new(random.Below((ulong)world.Nodes.Length) + 1));
        }

        _ = leader.Raft.ProposeConfChange(new ConfChangeV2((ConfChangeTransition)random.Below(3), [.. changes], default));
    }
}
