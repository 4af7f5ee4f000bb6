using System.Buffers;
using System.Buffers.Binary;
using Wetware.Core;
using Wetware.Host.Consensus;
using Wetware.Protocol.Routing;
using Wetware.Raft;
using Wetware.Raft.Consensus;
using Wetware.Raft.Log;

namespace Wetware.Fuzz.Raft;

/// <summary>
/// One node's place in one group, over all its lives: what the core and the log of the current life are (or of the last, while the node
/// is down), and a state machine that tells the oracle what it is given.
/// </summary>
internal sealed class SimMember(int group, NodeId id, GroupOracle oracle, IWorkload workload, SimulationOptions options) : IStateMachine
{
    private readonly ArrayBufferWriter<byte> _answer = new();
    private IStateMachine _machine = workload.NewMachine();
    private LogIndex _seenApplied;
    private LogIndex _seenCommit;
    private ConfState _seenConfiguration = ConfState.Empty;
    private Term _termLed;
    private bool _isAsleep;

    public int Group { get; } = group;

    public NodeId Id { get; } = id;

    public GroupOracle Oracle { get; } = oracle;

    public bool IsUp { get; set; }

    public RawNode Raft { get; private set; } = null!;

    public GroupLog Stored { get; private set; } = null!;

    public LogIndex Applied => Raft.Applied;

    /// <summary>Whether it holds terms and no state, whenever it is a member.</summary>
    public bool IsWitness { get; } = id == options.Witness;

    /// <summary>The highest index that is known here to be lost to damage and not back yet.</summary>
    public LogIndex LostUpTo { get; private set; }

    /// <summary>How often it fell asleep.</summary>
    public long Sleeps { get; private set; }

    /// <summary>The last vote that left the node.</summary>
    public (Term Term, NodeId Candidate) LastVote { get; set; }

    ulong IStateMachine.Digest => _machine.Digest;

    /// <summary>A new life begins.</summary>
    public void Start(RawNode raft, GroupLog stored, LogIndex lostUpTo)
    {
        (Raft, Stored, LostUpTo) = (raft, stored, lostUpTo);
        (_seenApplied, _seenCommit, _termLed) = (raft.Applied, raft.HardState.Commit, default);
        _seenConfiguration = raft.ConfState;
    }

    /// <summary>Forgets the state machine, as a restart does.</summary>
    public void Forget() => _machine = workload.NewMachine();

    /// <summary>Whether a crash now would not take the entry away, or took it away and said so.</summary>
    public bool HoldsDurably(LogIndex index, Term term) =>
        Stored is not null
        && (index < Stored.FirstIndex || index <= LostUpTo || (index <= Stored.DurableIndex && (IsReportedUnknown(index) || (Stored.Term(index, out var here) == LogRead.Ok && here == term))));

    /// <summary>A read that failed says so before the node stops: it neither votes nor acknowledges until its peers have sent the entries again.</summary>
    public bool IsReportedUnknown(LogIndex index) => Stored.HasUnknown && index > Stored.LastIndex;

    /// <summary>The term at a place of what is stored; zero if it is not there or cannot be read.</summary>
    public Term StoredTermAt(LogIndex index) => Stored.Term(index, out var term) == LogRead.Ok ? term : default;

    /// <summary>The term at a place of the log, durable or not; zero if it is not there.</summary>
    public Term TermAt(LogIndex index) => Raft.Core.Log.TryTerm(index, out var term) ? term : default;

    public byte[] Query(ReadOnlySpan<byte> query)
    {
        _answer.ResetWrittenCount();
        _machine.Query(query, _answer);
        return _answer.WrittenSpan.ToArray();
    }

    /// <summary>Tells the oracle what the last turn has changed.</summary>
    public void Observe(SimMember[] all)
    {
        var before = _seenApplied;
        for (var index = _seenApplied.Next; index <= Applied; index = index.Next)
        {
            if (TermAt(index) is var term && term != Term.Zero)
            {
                Oracle.Applied(Id, Raft.HardState.Term, index, term);
            }
        }

        if (Applied > _seenApplied)
        {
            _seenApplied = Applied;
            if (!IsWitness)
            {
                Oracle.Reached(Id, Applied, _machine.Digest);
            }
        }

        if (Raft.SoftState.Role == Role.Leader)
        {
            if (Raft.HardState.Term != _termLed)
            {
                _termLed = Raft.HardState.Term;
                Oracle.Led(this);
            }

            if (Raft.HardState.Commit > _seenCommit)
            {
                Oracle.Committed(this, ConfigurationsSince(before), all);
            }
        }

        Sleeps += Raft.IsQuiescent && !_isAsleep ? 1 : 0;
        _isAsleep = Raft.IsQuiescent;
        (_seenCommit, _seenConfiguration) = (Raft.HardState.Commit, Raft.ConfState);
    }

    /// <summary>The configuration that was in force after an index, and those that have come into force since.</summary>
    private List<ConfState> ConfigurationsSince(LogIndex applied)
    {
        var configurations = new List<ConfState> { _seenConfiguration, Raft.ConfState };
        var (entries, config) = (new EntryBuffer(), _seenConfiguration);
        if (_seenConfiguration == Raft.ConfState || !Raft.Core.Log.TryRead(applied.Next, Applied.Next, ulong.MaxValue, entries))
        {
            return configurations;
        }

        foreach (ref readonly var entry in entries.Span)
        {
            if (entry.Type != EntryType.Normal && ConfChangeV2.TryDecode(entry, out var change) && Configuration.Draft(config, change, out var draft) is null)
            {
                config = draft.ToConfState();
                configurations.Add(config);
            }
        }

        return configurations;
    }

    void IStateMachine.Apply(LogIndex index, ReadOnlySpan<byte> command, IBufferWriter<byte> reply)
    {
        var number = BinaryPrimitives.ReadUInt64LittleEndian(command);
        _answer.ResetWrittenCount();
        if (number != 0)
        {
            _machine.Apply(index, command[sizeof(ulong)..], _answer);
        }

        if (Oracle.Executed(Id, index, GroupOracle.Content(command), GroupOracle.Content(_answer.WrittenSpan)) && number != 0)
        {
            workload.Applied(number, index, _answer.WrittenSpan);
        }

        reply.Write(_answer.WrittenSpan);
    }

    void IStateMachine.Query(ReadOnlySpan<byte> query, IBufferWriter<byte> answer) => _machine.Query(query, answer);

    IStateCapture IStateMachine.Capture()
    {
        var padding = new byte[sizeof(int) + options.SnapshotPadding];
        BinaryPrimitives.WriteInt32LittleEndian(padding, options.SnapshotPadding);
        padding.AsSpan(sizeof(int)).Fill((byte)Id.Value);
        return new PaddedCapture(padding, _machine.Capture());
    }

    void IStateMachine.Restore(in ReadOnlySequence<byte> snapshot)
    {
        var padding = snapshot.Slice(sizeof(int), options.SnapshotPadding).ToArray();
        if (padding.AsSpan().ContainsAnyExcept(padding.AsSpan().IsEmpty ? default : padding[0]))
        {
            throw new SimulationFailure($"group {Group + 1}: node {Id} restores a snapshot that was pieced together from two");
        }

        _machine.Restore(snapshot.Slice(sizeof(int) + options.SnapshotPadding));
        _seenApplied = Raft is null ? LogIndex.Zero : _seenApplied;
    }

    private sealed class PaddedCapture(byte[] padding, IStateCapture inner) : IStateCapture
    {
        public void WriteTo(IBufferWriter<byte> output)
        {
            output.Write(padding);
            inner.WriteTo(output);
        }

        public void Dispose() => inner.Dispose();
    }
}
