using System.Buffers.Binary;
using Wetware.Core;
using Wetware.Raft;

namespace Wetware.Fuzz.Raft;

/// <summary>
/// A cluster, its network, disks and clocks from one seed, in virtual time. The same seed gives the same run, and the same
/// <see cref="Hash"/>. Throws <see cref="SimulationFailure"/> at the first thing that must not happen.
/// </summary>
internal sealed class Simulation
{
    private const long HealedDelayMicrosMax = 2_000;
    private const long StrayDelayMicrosMax = 10_000_000;

    private readonly PriorityQueue<Action, (long Time, long Order)> _events = new();
    private readonly SimulationOptions _options;
    private readonly Mutant _mutant;
    private readonly SimNode[] _nodes;
    private readonly SimReplica[][] _groups;
    private readonly SimNetwork _network;
    private readonly Dictionary<ulong, (int Node, int Incarnation)> _proposed = [];
    private Prng _random;
    private long _order;
    private ulong _nextCommand;
    private bool _isHealing;

    public Simulation(ulong seed, Mutant mutant = Mutant.None)
    {
        _random = new(seed);
        _mutant = mutant;
        _options = SimulationOptions.Draw(ref _random);
        Oracles = [.. Enumerable.Range(1, _options.Groups).Select(g => new GroupOracle((ulong)g))];
        _groups = [.. Oracles.Select((oracle, g) => Enumerable.Range(1, _options.Nodes).Select(n => new SimReplica(new((ulong)n), (ulong)g, _options, oracle)).ToArray())];
        _nodes = new SimNode[_options.Nodes];
        _network = new(_options.Nodes);
        for (var n = 0; n < _nodes.Length; n++)
        {
            var rate = 1 + (_options.ClockDrift * ((2 * _random.NextDouble()) - 1));
            _nodes[n] = new(new((ulong)n + 1), [.. _groups.Select(group => group[n])], rate);
            ScheduleTick(_nodes[n]);
        }

        After(_options.FaultMicrosMean, Fault);
        After(_options.ClientMicrosMean, Client);
    }

    public GroupOracle[] Oracles { get; }

    public SimulationOptions Options => _options;

    /// <summary>Virtual time, in microseconds.</summary>
    public long Now { get; private set; }

    /// <summary>Mixes everything that happened, in order.</summary>
    public ulong Hash { get; private set; }

    /// <summary>Commands whose proposer saw them applied.</summary>
    public long Acknowledged { get; private set; }

    public long Crashes { get; private set; }

    /// <summary>Lives through so many events.</summary>
    public void Run(long steps)
    {
        for (; steps > 0 && _events.TryDequeue(out var action, out var at); steps--)
        {
            Now = at.Time;
            Mix((ulong)at.Time);
            action();
        }
    }

    /// <summary>Ends all faults; then everybody must come to agree and make progress within a bounded time.</summary>
    public void Heal()
    {
        _isHealing = true;
        _network.Heal();
        foreach (var node in _nodes)
        {
            (node.PausedUntil, node.Disk.StalledUntil) = (0, 0);
            if (!node.IsUp)
            {
                Restart(node);
            }
        }

        var deadline = Now + (200L * SimulationOptions.ElectionTicks * SimulationOptions.TickMicros);
        var before = Oracles.Select(oracle => oracle.Visible).ToArray();
        while (!HasConverged(before))
        {
            if (Now > deadline)
            {
                throw new SimulationFailure("no progress 200 election timeouts after all faults ended\n" + Describe());
            }

            Run(200);
        }
    }

    private bool HasConverged(ulong[] before)
    {
        for (var g = 0; g < _groups.Length; g++)
        {
            var leader = Array.Find(_groups[g], replica => replica.Raft.SoftState.Role == Role.Leader && replica.Raft.ConfState.Voters.Contains(replica.Id));
            if (leader is null || Oracles[g].Visible <= before[g] || leader.Raft.ConfState.IsJoint)
            {
                return false;
            }

            foreach (var voter in leader.Raft.ConfState.Voters)
            {
                var replica = _groups[g][voter.Value - 1];
                if (replica.Raft.Applied.Value <= before[g] || replica.Raft.IsRepairing)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private void At(long time, Action action) => _events.Enqueue(action, (time, _order++));

    private void After(long mean, Action action) => At(Now + 1 + (long)_random.Below((ulong)(2 * mean)), action);

    private void Mix(ulong value) => Hash = (Hash ^ value) * 1099511628211UL;

    private void ScheduleTick(SimNode node)
    {
        var incarnation = node.Incarnation;
        At(Now + (long)(SimulationOptions.TickMicros * node.ClockRate), () =>
        {
            if (incarnation != node.Incarnation)
            {
                return;
            }

            if (Now >= node.PausedUntil)
            {
                Tick(node);
            }
            else
            {
                node.MissedTicks++;
            }

            ScheduleTick(node);
        });
    }

    private void Tick(SimNode node)
    {
        foreach (var replica in node.Replicas)
        {
            replica.Raft.Tick();
            Work(node, replica);
        }
    }

    /// <summary>Stops a node for a while. Its clock runs on, and it looks at the clock before anything else when it wakes.</summary>
    private void Pause(SimNode node)
    {
        var incarnation = node.Incarnation;
        node.PausedUntil = Math.Max(node.PausedUntil, Now + (long)_random.Below(5_000_000));
        At(node.PausedUntil, () =>
        {
            if (incarnation != node.Incarnation || Now < node.PausedUntil)
            {
                return;
            }

            node.MissedTicks = _mutant == Mutant.PauseForgotten ? 0 : node.MissedTicks;
            for (; node.MissedTicks > 0; node.MissedTicks--)
            {
                Tick(node);
            }
        });
    }

    /// <summary>Does what a replica's core wants done.</summary>
    private void Work(SimNode node, SimReplica replica)
    {
        while (replica.Raft.HasReady)
        {
            var ready = replica.Take(_groups[(int)replica.Group]);
            Mix(replica.Raft.HardState.Commit.Value + (replica.Raft.HardState.Term.Value << 32));
            Send(ready.Messages, replica.Group);
            if (_mutant == Mutant.AckBeforeSync)
            {
                Send(ready.AfterAppend, replica.Group);
            }

            if (ready.NeedsAppend)
            {
                node.Disk.Enqueue(replica, ready);
            }

            if (ready.NeedsApply)
            {
                replica.Apply(ready, command => Applied(node, command));
            }

            if (!ready.NeedsAppend)
            {
                replica.Release(ready);
            }
        }

        if (replica.Raft.NeedsNewerSnapshot || _random.Chance(0.002))
        {
            replica.Compact(_random.Below(20));
        }

        StartSync(node);
    }

    private void StartSync(SimNode node)
    {
        if (node.Disk.IsBusy || !node.Disk.Start())
        {
            return;
        }

        var incarnation = node.Incarnation;
        var end = Math.Max(node.Disk.StalledUntil, Now + 1 + (long)_random.Below((ulong)(_isHealing ? HealedDelayMicrosMax : _options.SyncMicrosMax)));
        At(end, () =>
        {
            if (incarnation != node.Incarnation)
            {
                return;
            }

            foreach (var (replica, ready) in node.Disk.Finish())
            {
                Synced(node, replica, ready);
            }

            StartSync(node);
        });
    }

    private void Synced(SimNode node, SimReplica replica, Ready ready)
    {
        foreach (ref readonly var message in ready.AfterAppend)
        {
            if (message.To == node.Id)
            {
                replica.Raft.StepLocal(message);
            }
            else if (_mutant != Mutant.AckBeforeSync)
            {
                replica.Oracle.Sent(message);
                Send(message, replica.Group);
            }
        }

        replica.Release(ready);
        Work(node, replica);
    }

    private void Send(ReadOnlySpan<Message> messages, ulong group)
    {
        foreach (ref readonly var message in messages)
        {
            if (message.To != message.From && !LocalNodes.Contains(message.From))
            {
                Send(message, group);
            }
        }
    }

    private void Send(in Message message, ulong group)
    {
        var isLost = !_network.Connects(message.From, message.To) || (!_isHealing && _random.Chance(_options.Loss));
        if (message.Type == MessageType.MsgSnap)
        {
            ReportSnapshot(message, group, isLost);
        }

        if (isLost || message.To.Value > (ulong)_nodes.Length)
        {
            return;
        }

        var copy = message;
        copy.Entries = message.Entries.ToArray();
        Post(copy, group);
        if (!_isHealing && _random.Chance(_options.Duplication))
        {
            Post(copy, group);
        }
    }

    /// <summary>A host knows how sending a snapshot ended, if it lives to see it.</summary>
    private void ReportSnapshot(in Message message, ulong group, bool isLost)
    {
        var (node, to) = (_nodes[message.From.Value - 1], message.To);
        var incarnation = node.Incarnation;
        At(Now + (2 * _options.DelayMicrosMax), () =>
        {
            if (incarnation == node.Incarnation)
            {
                node.Replicas[group].Raft.ReportSnapshot(to, isLost || !_nodes[to.Value - 1].IsUp);
                Work(node, node.Replicas[group]);
            }
        });
    }

    private void Post(Message message, ulong group)
    {
        // Once in a while something turns up that everybody had given up on.
        var delayMax = _isHealing ? HealedDelayMicrosMax : _random.Chance(0.002) ? StrayDelayMicrosMax : _options.DelayMicrosMax;
        At(Now + 1 + (long)_random.Below((ulong)delayMax), () => Deliver(message, group));
    }

    private void Deliver(Message message, ulong group)
    {
        var node = _nodes[message.To.Value - 1];
        if (!node.IsUp || !_network.Connects(message.From, message.To))
        {
            return;
        }

        if (Now < node.PausedUntil)
        {
            At(node.PausedUntil + 1, () => Deliver(message, group));
            return;
        }

        var replica = node.Replicas[(int)group];
        var result = replica.Raft.Step(message);
        replica.Oracle.Require(result != StepResult.Malformed, $"node {node.Id} finds a correct message malformed: {message.Type} from {message.From}");
        Work(node, replica);
    }

    private void Client()
    {
        After(_isHealing ? 1_000_000 : _options.ClientMicrosMean, Client);
        var node = _nodes[_random.Below((ulong)_nodes.Length)];
        var replica = node.Replicas[_random.Below((ulong)node.Replicas.Length)];
        if (!node.IsUp || Now < node.PausedUntil)
        {
            return;
        }

        if (_random.Chance(0.3))
        {
            var context = ++_nextCommand;
            replica.Oracle.ReadAsked(context);
            replica.Raft.ReadIndex(context);
        }
        else
        {
            var batch = new Entry[_random.Between(1, 4)];
            for (var i = 0; i < batch.Length; i++)
            {
                var command = new byte[sizeof(ulong)];
                BinaryPrimitives.WriteUInt64LittleEndian(command, ++_nextCommand);
                batch[i] = new(command);
                _proposed[_nextCommand] = ((int)node.Id.Value, node.Incarnation);
            }

            _ = replica.Raft.Propose(batch);
        }

        Work(node, replica);
    }

    private void Applied(SimNode node, ulong command)
    {
        if (_proposed.TryGetValue(command, out var by) && by == ((int)node.Id.Value, node.Incarnation))
        {
            _proposed.Remove(command);
            Acknowledged++;
        }
    }

    private void Fault()
    {
        After(_options.FaultMicrosMean, Fault);
        if (_isHealing)
        {
            LeaveJoint();
            return;
        }

        var node = _nodes[_random.Below((ulong)_nodes.Length)];
        switch (_random.Below(12))
        {
            case 0 or 1: _network.Split(ref _random); break;
            case 2 or 3: _network.Heal(); break;
            case 4 or 5: Crash(node); break;
            case 6: Pause(node); break;
            case 7: node.Disk.StalledUntil = Now + (long)_random.Below(5_000_000); break;
            case 8: Lead(replica => replica.Raft.TransferLeader(new(_random.Below((ulong)_nodes.Length) + 1))); break;
            case 9 or 10 when _options.HasMembershipChanges: Lead(ChangeMembers); break;
            case 11: Lead(replica => replica.Compact(_random.Below(10))); break;
            default: break;
        }
    }

    private void LeaveJoint() => Lead(replica =>
    {
        if (replica.Raft.ConfState.IsJoint)
        {
            _ = replica.Raft.ProposeConfChange(ConfChangeV2.Leave);
        }
    });

    /// <summary>Does something to whoever believes to lead a group.</summary>
    private void Lead(Action<SimReplica> action)
    {
        foreach (var group in _groups)
        {
            var leader = Array.Find(group, replica => replica.Raft.SoftState.Role == Role.Leader && _nodes[replica.Id.Value - 1].IsUp);
            if (leader is not null)
            {
                action(leader);
                Work(_nodes[leader.Id.Value - 1], leader);
            }
        }
    }

    private void ChangeMembers(SimReplica leader)
    {
        if (leader.Raft.ConfState.IsJoint && _random.Chance(0.7))
        {
            _ = leader.Raft.ProposeConfChange(ConfChangeV2.Leave);
            return;
        }

        var changes = new ConfChangeSingle[_random.Between(1, 3)];
        for (var i = 0; i < changes.Length; i++)
        {
            var type = _random.Below(5) switch { 0 => ConfChangeType.RemoveNode, 1 => ConfChangeType.AddLearnerNode, _ => ConfChangeType.AddNode };
            changes[i] = new(type, new(_random.Below((ulong)_nodes.Length) + 1));
        }

        _ = leader.Raft.ProposeConfChange(new ConfChangeV2((ConfChangeTransition)_random.Below(3), [.. changes], default));
    }

    private void Crash(SimNode node)
    {
        if (!node.IsUp)
        {
            return;
        }

        Crashes++;
        (node.IsUp, node.PausedUntil, node.MissedTicks) = (false, 0, 0);
        node.Incarnation++;
        node.Disk.Crash(ref _random);
        // One damaged disk at a time: what all copies have lost, nobody can bring back.
        var mayCorrupt = _options.HasCorruption && _random.Chance(0.3) && Array.TrueForAll(_nodes, other => Array.TrueForAll(other.Replicas, replica => replica.LostUpTo == LogIndex.Zero));
        foreach (var replica in mayCorrupt ? node.Replicas : [])
        {
            replica.Corrupt(ref _random);
        }

        var incarnation = node.Incarnation;
        At(Now + (long)_random.Below(10_000_000), () =>
        {
            if (incarnation == node.Incarnation && !node.IsUp)
            {
                Restart(node);
            }
        });
    }

    private void Restart(SimNode node)
    {
        node.IsUp = true;
        foreach (var replica in node.Replicas)
        {
            replica.Restart(_random.Next(), _mutant);
        }

        ScheduleTick(node);
        foreach (var replica in node.Replicas)
        {
            Work(node, replica);
        }
    }

    /// <summary>Where every replica stands.</summary>
    public string Describe() => string.Join('\n', _groups.SelectMany((group, g) => group.Select(replica =>
        $"group {g + 1} node {replica.Id}: {replica.Raft.SoftState} term {replica.Raft.HardState.Term} commit {replica.Raft.HardState.Commit} applied {replica.Raft.Applied} last {replica.LastIndex} first {replica.FirstReadable} repairing {replica.Raft.IsRepairing} voters [{string.Join(' ', replica.Raft.ConfState.Voters)}] outgoing [{string.Join(' ', replica.Raft.ConfState.VotersOutgoing)}]")));
}
