using System.Buffers.Binary;
using Wetware.Core;
using Wetware.Raft;

namespace Wetware.Fuzz.Raft;

/// <summary>
/// One member of one group on one node: the core, its durable storage, and a state machine that is a hash of all it has
/// applied. All but the storage is lost in a crash.
/// </summary>
internal sealed class SimReplica
{
    private readonly SimulationOptions _options;
    private readonly MemoryStorage _storage = new();
    private readonly Stack<Ready> _pool = new();
    private readonly Dictionary<ulong, Term> _pending = [];
    private LogIndex _lastShownCommit;
    private Term _lastTermLed;

    public SimReplica(NodeId id, ulong group, SimulationOptions options, GroupOracle oracle)
    {
        (Id, Group, _options, Oracle) = (id, group, options, oracle);
        if (id.Value <= (ulong)options.Voters)
        {
            var voters = ConfState.OfVoters([.. Enumerable.Range(1, options.Voters).Select(v => new NodeId((ulong)v))]);
            _storage.Install(new(new(new(1), new(1), voters), EncodeMachine(0)));
        }

        Raft = Start(id.Value + (group << 8), Mutant.None);
    }

    public NodeId Id { get; }

    public ulong Group { get; }

    public GroupOracle Oracle { get; }

    public RawNode Raft { get; private set; }

    /// <summary>Hash of all that was applied.</summary>
    public ulong Machine { get; private set; }

    public LogIndex LastIndex => Raft.LastIndex;

    public ulong FirstReadable => _storage.FirstIndex.Value;

    /// <summary>The highest index lost to corruption and not back yet.</summary>
    public LogIndex LostUpTo { get; private set; }

    /// <summary>Starts again from what is durable.</summary>
    public void Restart(ulong seed, Mutant mutant)
    {
        if (mutant == Mutant.VoteForgotten)
        {
            _storage.SetHardState(_storage.HardState with { Vote = NodeId.None });
        }

        if (mutant == Mutant.TailForgotten && _storage.LastIndex > FirstLosable)
        {
            _storage.Truncate(_storage.LastIndex);
            _storage.SetHardState(_storage.HardState with { Commit = Min(_storage.HardState.Commit, _storage.LastIndex) });
        }

        _pool.Clear();
        Raft = Start(seed, mutant);
        (_lastShownCommit, _lastTermLed) = (Raft.HardState.Commit, default);
    }

    /// <summary>Loses the entries from a place on, as a checksum would tell at the next start.</summary>
    public void Corrupt(ref Prng random)
    {
        if (_storage.LastIndex >= FirstLosable)
        {
            LostUpTo = LostUpTo > _storage.LastIndex ? LostUpTo : _storage.LastIndex;
            _storage.Truncate(FirstLosable + random.Below(_storage.LastIndex - FirstLosable + 1));
        }
    }

    /// <summary>Whether a crash now would not take the entry away, or took it away and said so.</summary>
    public bool HoldsDurably(LogIndex index, Term term) =>
        index < _storage.FirstIndex || index <= LostUpTo || (_storage.Term(index, out var here) == LogRead.Ok && here == term);

    /// <summary>The term at a place of the log, durable or not; zero if it is not there.</summary>
    public Term TermAt(LogIndex index)
    {
        if (_pending.TryGetValue(index.Value, out var term))
        {
            return term;
        }

        return _storage.Term(index, out term) == LogRead.Ok ? term : default;
    }

    /// <summary>Takes what the core wants done into a Ready that stays until <see cref="Release"/>.</summary>
    public Ready Take(IReadOnlyList<SimReplica> all)
    {
        var ready = _pool.Count > 0 ? _pool.Pop() : new Ready();
        Raft.Ready(ready);
        Observe(ready, all);
        return ready;
    }

    public void Release(Ready ready) => _pool.Push(ready);

    /// <summary>Makes durable what a Ready asks for.</summary>
    public void Persist(Ready ready)
    {
        if (!ready.HardState.IsEmpty)
        {
            _storage.SetHardState(ready.HardState);
        }

        if (ready.Snapshot is { } snapshot && _storage.Install(snapshot))
        {
            Machine = DecodeMachine(snapshot);
            _pending.Remove(snapshot.Metadata.Index.Value);
        }

        _storage.Append(ready.Entries.Span);
        foreach (ref readonly var entry in ready.Entries.Span)
        {
            if (_pending.TryGetValue(entry.Index.Value, out var term) && term == entry.Term)
            {
                _pending.Remove(entry.Index.Value);
            }
        }
    }

    /// <summary>Applies entries; gives the numbers of the commands among them.</summary>
    public void Apply(Ready ready, Action<ulong> applied)
    {
        foreach (ref readonly var entry in ready.CommittedEntries.Span)
        {
            Oracle.Applied(Id, Raft.HardState.Term, entry);
            Machine = (Machine * 31) + GroupOracle.Content(entry) + entry.Index.Value;
            if (entry.IsConfChange)
            {
                _ = Raft.ApplyConfChange(entry);
            }
            else if (entry.Data.Length == sizeof(ulong))
            {
                applied(BinaryPrimitives.ReadUInt64LittleEndian(entry.Data.Span));
            }
        }

        Raft.StepLocal(ready.AfterApply);
    }

    /// <summary>Makes a snapshot of the applied state, and forgets some of the entries behind it.</summary>
    public void Compact(ulong keep)
    {
        var index = Raft.Applied;
        if (_storage.Term(index, out var term) != LogRead.Ok)
        {
            return;
        }

        _storage.Offer(new(new(index, term, Raft.ConfState), EncodeMachine(Machine)));
        if (index.Value > keep && new LogIndex(index.Value - keep) >= _storage.FirstIndex)
        {
            _storage.Compact(new(index.Value - keep));
        }
    }

    private RawNode Start(ulong seed, Mutant mutant)
    {
        _pending.Clear();
        if (LostUpTo > LogIndex.Zero && _storage.LastIndex >= LostUpTo)
        {
            LostUpTo = LogIndex.Zero;
        }

        var applied = LogIndex.Zero;
        Machine = 0;
        if (_storage.Snapshot(out var snapshot) == LogRead.Ok)
        {
            (applied, Machine) = (snapshot!.Metadata.Index, DecodeMachine(snapshot));
        }

        var state = _storage.HardState;
        if (state.Commit < applied || (!state.IsEmpty && state.Commit < _storage.FirstIndex.Previous))
        {
            // The snapshot is durable before the commit index that goes with it may be.
            _storage.SetHardState(state with { Commit = applied });
        }

        return new(new()
        {
            Id = Id,
            Storage = _storage,
            Seed = seed,
            ElectionTicks = SimulationOptions.ElectionTicks,
            Applied = mutant == Mutant.AppliedTooHigh ? Min(_storage.HardState.Commit, _storage.LastIndex) : applied,
            AsyncStorageWrites = true,
            MessageBytesMax = _options.MessageBytesMax,
            InflightMessagesMax = _options.InflightMax,
            PreVote = _options.PreVote,
            CheckQuorum = _options.CheckQuorum,
            ReadMode = _options.ReadMode,
            LeaseDriftTicks = 2,
            LostUpTo = LostUpTo,
        });
    }

    private void Observe(Ready ready, IReadOnlyList<SimReplica> all)
    {
        if (ready.Snapshot is { } snapshot)
        {
            _pending.Clear();
            _pending[snapshot.Metadata.Index.Value] = snapshot.Metadata.Term;
        }

        foreach (ref readonly var entry in ready.Entries.Span)
        {
            Oracle.Appended(entry, TermAt(entry.Index.Previous));
            _pending[entry.Index.Value] = entry.Term;
        }

        if (Raft.SoftState.Role == Role.Leader)
        {
            if (Raft.HardState.Term != _lastTermLed)
            {
                _lastTermLed = Raft.HardState.Term;
                Oracle.Led(this);
            }

            if (Raft.HardState.Commit > _lastShownCommit)
            {
                Oracle.Committed(this, all);
            }
        }

        _lastShownCommit = Raft.HardState.Commit;
        foreach (ref readonly var read in ready.ReadStates)
        {
            Oracle.ReadAnswered(read);
        }
    }

    // What the snapshot stands for cannot be lost with the entries.
    private LogIndex FirstLosable
    {
        get
        {
            var snapshot = _storage.Snapshot(out var found) == LogRead.Ok ? found!.Metadata.Index : LogIndex.Zero;
            return snapshot.Next > _storage.FirstIndex ? snapshot.Next : _storage.FirstIndex;
        }
    }

    private static LogIndex Min(LogIndex left, LogIndex right) => left < right ? left : right;

    private static byte[] EncodeMachine(ulong machine)
    {
        var data = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(data, machine);
        return data;
    }

    private static ulong DecodeMachine(Snapshot snapshot) => BinaryPrimitives.ReadUInt64LittleEndian(snapshot.Data.Span);
}
