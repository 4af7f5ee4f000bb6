using Wetware.Core;
using Wetware.Host.Consensus;
using Wetware.Raft;

namespace Wetware.Fuzz.Raft;

/// <summary>
/// A cluster, its network, disks and clocks from one seed, in virtual time. The same seed gives the same run, and the same
/// hash. Throws <see cref="SimulationFailure"/> at the first thing that must not happen.
/// </summary>
internal sealed class Simulation
{
    private readonly SimMember[][] _groups;
    private readonly IWorkload[] _workloads;
    private readonly List<SimClient> _clients = [];

    /// <param name="seed">Of everything.</param>
    /// <param name="options">The world; null to draw it from the seed.</param>
    /// <param name="workload">What the clients of the group of that number ask; null to draw that too.</param>
    /// <param name="kind">Of what kind of world one is drawn.</param>
    public Simulation(ulong seed, SimulationOptions? options = null, Func<int, IWorkload>? workload = null, World kind = World.Any)
    {
        Agenda = new(seed);
        var drawn = Worlds.Draw(kind, ref Agenda.Random);
        Options = options ?? drawn;
        Network = new(this);
        Faults = new(this);
        var nodes = Enumerable.Range(0, Options.Nodes + Options.Spares);
        var groups = Enumerable.Range(0, Options.Groups);
        Oracles = [.. groups.Select(g => new GroupOracle(g, Options.HasMembershipChanges || Options.Spares > 0))];
        _workloads = [.. groups.Select(g => workload?.Invoke(g) ?? DrawWorkload(g))];
        _groups = [.. groups.Select(g => nodes.Select(n => new SimMember(g, new((ulong)n + 1), Oracles[g], _workloads[g], Options)).ToArray())];
        Nodes = [.. nodes.Select(n => new SimNode(this, n, [.. _groups.Select(group => group[n])], 1 + (Options.ClockDrift * ((2 * Agenda.Random.NextDouble()) - 1)), Agenda.Random.Next()))];
        foreach (var node in Nodes)
        {
            node.Disk.Faults = new() { SurviveChance = Options.SurviveChance };
        }

        foreach (var node in Nodes[..Options.Nodes])
        {
            node.Start();
        }

        Faults.Begin();
        for (var client = 0; client < Options.Clients; client++)
        {
            var group = client % Options.Groups;
            _clients.Add(new(this, client, group, _workloads[group], Options.ClientMicrosMean));
        }

        _clients.ForEach(client => client.Rest());
    }

    public Agenda Agenda { get; }

    public SimulationOptions Options { get; }

    public SimNetwork Network { get; }

    public Faults Faults { get; }

    public SimNode[] Nodes { get; }

    public GroupOracle[] Oracles { get; }

    /// <summary>Whether all faults are over.</summary>
    public bool IsHealing { get; private set; }

    /// <summary>Operations whose clients got an answer.</summary>
    public long Answered => _workloads.Sum(workload => workload.Answered);

    /// <summary>How often a member fell asleep.</summary>
    public long Sleeps => _groups.Sum(group => group.Sum(member => member.Sleeps));

    public SimMember[] Members(int group) => _groups[group];

    /// <summary>Lives through so many events, with faults; less if the clients have nothing left to ask.</summary>
    public void Run(long steps)
    {
        const long slice = 1000;
        for (; steps > 0 && !IsQuiet; steps -= slice)
        {
            Agenda.Run(Math.Min(steps, slice));
        }
    }

    /// <summary>Ends all faults; then everybody must come to agree and make progress within a bounded time, and what clients were told must be right.</summary>
    public void Heal()
    {
        IsHealing = true;
        Faults.End();
        Array.ForEach(_workloads, workload => workload.End());
        var deadline = Agenda.Now + (200L * SimulationOptions.ElectionTicks * SimulationOptions.TickMicros);
        var before = Oracles.Select(oracle => oracle.Visible).ToArray();
        Ping();
        while (!HasConverged(before))
        {
            if (Agenda.Now > deadline)
            {
                throw new SimulationFailure("no progress 200 election timeouts after all faults ended\n" + Describe());
            }

            Agenda.Run(200);
        }

        for (var group = 0; group < _groups.Length; group++)
        {
            var trouble = _workloads[group].Check();
            Oracles[group].Require(trouble is null, trouble ?? "");
        }
    }

    /// <summary>Where every member stands.</summary>
    public string Describe() => string.Join('\n', _groups.SelectMany((group, g) => group.Where(member => member.Raft is not null).Select(member =>
        $"group {g + 1} node {member.Id}{(member.IsUp ? "" : " (down)")}: {member.Raft.SoftState} term {member.Raft.HardState.Term} commit {member.Raft.HardState.Commit} applied {member.Raft.Applied} last {member.Raft.LastIndex} stored {member.Stored.FirstIndex} to {member.Stored.StoredLast}, on disk to {member.Stored.DurableIndex}, repairing {member.Raft.IsRepairing} voters [{string.Join(' ', member.Raft.ConfState.Voters)}] outgoing [{string.Join(' ', member.Raft.ConfState.VotersOutgoing)}]")));

    private bool IsQuiet => _workloads.All(workload => workload.IsDone) && _clients.TrueForAll(client => client.IsIdle);

    private IWorkload DrawWorkload(int group) =>
        Agenda.Random.Chance(0.3)
            ? new QueueWorkload(QueueWorkload.Endless(Agenda.Random.Next()))
            : new MapWorkload(MapWorkload.Endless(Agenda.Random.Next(), keys: Agenda.Random.Between(1, 8)));

    /// <summary>A command that changes nothing, of every node that leads: the proof of progress.</summary>
    private void Ping()
    {
        Agenda.At(Agenda.Now + 500_000, Ping);
        foreach (var group in _groups)
        {
            var leader = Array.Find(group, member => member.IsUp && member.Raft.SoftState.Role == Role.Leader);
            if (leader is not null)
            {
                var node = Nodes[leader.Id.Value - 1];
                var header = new EntryHeader(node.Process, node.NextProposal());
                var payload = new byte[EntryHeader.Bytes + sizeof(ulong)];
                header.Write(payload);
                node.Turn(new RaftEvent(RaftEventKind.Proposal, new((ulong)leader.Group + 1)) { Subject = new Proposal(payload, header, long.MaxValue) });
            }
        }
    }

    private bool HasConverged(ulong[] before)
    {
        if (!_clients.TrueForAll(client => client.IsIdle))
        {
            return false;
        }

        for (var g = 0; g < _groups.Length; g++)
        {
            var leader = Array.Find(_groups[g], member => member.IsUp && member.Raft.SoftState.Role == Role.Leader && member.Raft.ConfState.Voters.Contains(member.Id));
            if (leader is null || Oracles[g].Visible <= before[g] || leader.Raft.ConfState.IsJoint)
            {
                return false;
            }

            if (Array.Exists(Nodes, node => node.Former is not null && !node.IsLost && !leader.Raft.ConfState.Voters.Contains(node.Id)))
            {
                return false;
            }

            foreach (var voter in leader.Raft.ConfState.Voters)
            {
                var member = _groups[g][voter.Value - 1];
                if (!Nodes[voter.Value - 1].IsLost && (!member.IsUp || member.Applied.Value <= before[g] || member.Raft.IsRepairing))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
