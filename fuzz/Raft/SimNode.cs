using Microsoft.Extensions.Logging.Abstractions;
using Wetware.Core;
using Wetware.Fuzz.Disk;
using Wetware.Host.Consensus;
using Wetware.Host.Storage;
using Wetware.Raft;
using Wetware.Raft.Log;

namespace Wetware.Fuzz.Raft;

/// <summary>
/// A machine: one clock, one disk, and on them the log and the Raft groups of a node, as production runs them, driven turn by turn in
/// virtual time. All but the disk is lost in a crash.
/// </summary>
internal sealed class SimNode : IPeerLinks, IMessageCarrier
{
    public const int SectorBytes = 512;
    private const int SegmentBytes = 128 * SectorBytes;

    private readonly Simulation _world;
    private readonly SimMember[] _members;
    private readonly List<RaftEvent> _arrived = [];
    private readonly Queue<RaftEvent> _held = new();
    private RaftGroups _groups = new();
    private SimLog _log = null!;
    private SimLogWork _work = null!;
    private PeerQueues _queues = null!;
    private ulong _proposals;
    private int _missedTicks;
    private long _startedAt;
    private long _snapshotBytes;
    private bool _isTurnPlanned;

    public SimNode(Simulation world, int index, SimMember[] members, double clockRate, ulong diskSeed)
    {
        (_world, Index, _members, ClockRate) = (world, index, members, clockRate);
        Disk = new(diskSeed);
    }

    public int Index { get; }

    public NodeId Id => new((ulong)Index + 1);

    public SimulatedDisk Disk { get; }

    /// <summary>How much longer its ticks are than they should be.</summary>
    public double ClockRate { get; }

    /// <summary>Clients that wait for an answer of this node.</summary>
    public List<SimClient> Waiting { get; } = [];

    public bool IsUp { get; private set; }

    /// <summary>Counts lives, so that what was planned before a crash is recognised and dropped.</summary>
    public int Life { get; private set; }

    /// <summary>Until when it does nothing, as if it were stopped.</summary>
    public long PausedUntil { get; private set; }

    /// <summary>Until when no sync ends.</summary>
    public long StalledUntil { get; set; }

    /// <summary>Whether something is wrong with its disk that no restart mends; what it held may never come back.</summary>
    public bool IsDamaged { get; set; }

    /// <summary>Whether it is gone for good.</summary>
    public bool IsLost { get; set; }

    /// <summary>What its machine was before it lost its disk.</summary>
    public SimNode? Former { get; set; }

    /// <summary>What it says of itself when it wants to be a member.</summary>
    public MemberInfo Member => new(Id, Peer, [], Votes: true);

    public SnapshotStore Snapshots => _log.Snapshots;

    /// <summary>What its transfers to others share.</summary>
    public SnapshotRate SnapshotRate { get; private set; } = null!;

    /// <summary>Transfers to it that went on where another had broken off.</summary>
    public long ResumedTransfers { get; set; }

    public long Milliseconds => _world.Agenda.Now / 1000;

    /// <summary>As the server id of a process: another one in every life.</summary>
    public ulong Process => ((ulong)Index << 32) + (ulong)Life;

    public ulong NextProposal() => ++_proposals;

    public bool CanBeAsked(int group) => IsUp && _world.Agenda.Now >= PausedUntil && _members[group].IsUp;

    /// <summary>Opens the log and starts every group that the node belongs to, as the host does.</summary>
    /// <exception cref="LogException">The disk does not let it, now or ever.</exception>
    /// <exception cref="StorageException">Too much of the log is lost.</exception>
    public void Start()
    {
        Life++;
        (_work, _groups, _queues, StalledUntil, _isTurnPlanned) = (new(_world, this), new(), new(this), 0, false);
        _held.Clear();
        (SnapshotRate, _startedAt, _snapshotBytes) = (new(_world.Options.SnapshotBytesPerSecond), _world.Agenda.Now, 0);
        var log = WriteAheadLog.Open(Disk, new LogOptions { Identity = new(1, Id, 1), SegmentBytes = SegmentBytes, SectorBytes = SectorBytes, CacheBytes = 4096 });
        _log = new(new(log, _work, NullLogger.Instance), _members);
        foreach (var member in _members)
        {
            _groups.Add(SimStart.Begin(_world, this, log, _log, member));
        }

        Array.ForEach(_members, member => member.IsUp = true);
        IsUp = true;
        ScheduleTick();
        Turn();
    }

    /// <summary>The process is gone, and with the power whatever was not synced.</summary>
    public void Crash(bool isPowerLost)
    {
        if (!IsUp)
        {
            return;
        }

        End();
        if (!isPowerLost)
        {
            Disk.Restart();
            return;
        }

        if (_work.Flushing is { } flush && _world.Agenda.Random.Chance(0.9))
        {
            // The power fails in the middle of what was being written.
            Disk.CrashAtStep = Disk.Steps + (long)_world.Agenda.Random.Below(4);
            try
            {
                flush();
            }
            catch (SimulatedCrashException)
            {
                return;
            }
        }

        Disk.Crash();
    }

    /// <summary>Does nothing for a while. Its clock runs on; what arrives waits.</summary>
    public void Pause(long micros)
    {
        var life = Life;
        PausedUntil = Math.Max(PausedUntil, _world.Agenda.Now + micros);
        _world.Agenda.At(PausedUntil, () =>
        {
            if (life == Life && IsUp && _world.Agenda.Now >= PausedUntil)
            {
                Wake();
            }
        });
    }

    public void Wake()
    {
        PausedUntil = 0;
        // Time that nobody lived through elects nobody: one tick. Leases are the exception: they need all of it, and first.
        var ticks = _world.Options.ReadMode == ReadMode.LeaseBased ? _missedTicks : Math.Min(_missedTicks, 1);
        for (_missedTicks = 0; ticks > 0; ticks--)
        {
            Turn(isTick: true);
        }

        while (IsUp && _held.TryDequeue(out var happened))
        {
            Turn(happened);
        }
    }

    /// <summary>Something reaches the node's loop.</summary>
    public void Turn(in RaftEvent happened) => Turn(new ReadOnlySpan<RaftEvent>(in happened));

    /// <summary>Several things reach the node's loop at once.</summary>
    public void Turn(ReadOnlySpan<RaftEvent> happened)
    {
        if (_world.Agenda.Now < PausedUntil)
        {
            foreach (ref readonly var one in happened)
            {
                _held.Enqueue(one);
            }

            return;
        }

        _arrived.AddRange(happened);
        if (_world.Options.LoopMicrosMax == 0 || _world.IsHealing)
        {
            Turn();
        }
        else if (!_isTurnPlanned)
        {
            PlanTurn();
        }
    }

    /// <summary>A piece of a snapshot leaves: all that have left must stay within the rate.</summary>
    public void SnapshotBytesSent(int bytes)
    {
        _snapshotBytes += bytes;
        var seconds = (_world.Agenda.Now - _startedAt) / 1e6;
        if (_snapshotBytes > SnapshotRate.BurstBytes + (seconds * _world.Options.SnapshotBytesPerSecond))
        {
            throw new SimulationFailure($"node {Id} has sent {_snapshotBytes} bytes of snapshots in {seconds:0.0} s, more than {_world.Options.SnapshotBytesPerSecond} a second");
        }
    }

    /// <summary>Runs something on the loop, about a group.</summary>
    public void Call(SimMember member, Action action) => Turn(new RaftEvent(RaftEventKind.Call, GroupOf(member)) { Subject = action });

    void IPeerLinks.Send(GroupId group, in Message message)
    {
        var member = _members[(int)group.Value - 1];
        member.Oracle.Sent(member, message);
        _queues.Send(group, message);
    }

    Carriage IMessageCarrier.Carry(MessageBatch batch) => _world.Network.Carry(this, batch);

    void IMessageCarrier.CarrySnapshot(GroupId group, in Message message) => _world.Network.SendSnapshot(this, group, message);

    /// <summary>Something reaches the node's loop if it is up.</summary>
    public void Hear(in RaftEvent happened)
    {
        if (IsUp)
        {
            Turn(happened);
        }
    }

    // Of the machine, whatever disk it has.
    private PeerId Peer => Former?.Peer ?? PeerId.FromPublicKey(BitConverter.GetBytes(Id.Value));

    private static GroupId GroupOf(SimMember member) => new((ulong)member.Group + 1);

    private void PlanTurn()
    {
        var life = Life;
        _isTurnPlanned = true;
        _world.Agenda.After(_world.Options.LoopMicrosMax / 2, () =>
        {
            if (life == Life)
            {
                _isTurnPlanned = false;
                if (IsUp && _world.Agenda.Now >= PausedUntil)
                {
                    Turn();
                }
            }
        });
    }

    private void Turn(bool isTick = false)
    {
        if (!IsUp)
        {
            _arrived.Clear();
            return;
        }

        try
        {
            _groups.Turn(_log, _queues, _arrived, isTick, Milliseconds);
            _arrived.Clear();
            foreach (var member in _members)
            {
                member.Observe(_world.Members(member.Group));
                _world.Agenda.Mix(member.Raft.HardState.Commit.Value + (member.Raft.HardState.Term.Value << 32));
            }
        }
        catch (Exception failure) when (failure is LogException or IOException)
        {
            // As in production, the node stops; somebody starts it again.
            _arrived.Clear();
            _world.Faults.Died(this, failure);
            return;
        }

        for (var i = Waiting.Count - 1; i >= 0; i--)
        {
            if (i < Waiting.Count)
            {
                Waiting[i].Poll();
            }
        }
    }

    private void End()
    {
        IsUp = false;
        (PausedUntil, _missedTicks) = (0, 0);
        _arrived.Clear();
        foreach (var member in _members)
        {
            member.IsUp = false;
        }

        SimClient[] waiting = [.. Waiting];
        Waiting.Clear();
        Array.ForEach(waiting, client => client.Lose());
    }

    private void ScheduleTick()
    {
        var life = Life;
        _world.Agenda.At(_world.Agenda.Now + (long)(SimulationOptions.TickMicros * ClockRate), () =>
        {
            if (life != Life || !IsUp)
            {
                return;
            }

            if (_world.Agenda.Now >= PausedUntil)
            {
                Turn(isTick: true);
            }
            else
            {
                _missedTicks++;
            }

            if (life == Life && IsUp)
            {
                ScheduleTick();
            }
        });
    }
}
