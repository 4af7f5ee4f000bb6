using System.Buffers;
using Microsoft.Extensions.Logging;
using Wetware.Core;
using Wetware.Raft;
using Wetware.Raft.Log;

namespace Wetware.Host.Consensus;

/// <summary>
/// One Raft group on this node: the core, the state machine it feeds, and everybody who waits for either. Owned by the
/// Raft loop; only <see cref="Status"/> and <see cref="Directory"/> may be read elsewhere.
/// </summary>
internal sealed class RaftGroup
{
    /// <summary>Appends under way at once; beyond it the core's output waits for the disk.</summary>
    private const int AppendsInFlightMax = 64;

    /// <summary>Ticks before a snapshot is tried again that the disk did not take.</summary>
    private const int SnapshotPauseTicks = 10;

    private readonly RawNode _node;
    private readonly IStateMachine _machine;
    private readonly IPeerLinks _links;
    private readonly ILogWriter _log;
    private readonly GroupSettings _settings;
    private readonly ILogger _logger;
    private readonly PendingProposals _pending = new();
    private readonly List<Proposal> _arrived = [];
    private Entry[] _batch = [];
    private int _batched;
    private readonly PendingReads _reads;
    private readonly Stack<AppendJob> _idleJobs = new();
    private readonly ArrayBufferWriter<byte> _reply = new();
    private readonly Members _members;
    private LogIndex _applied;
    private Term _appliedTerm;
    private LogIndex _snapshotted;
    private int _appendsInFlight;
    private int _idleTicks;
    private int _snapshotPause;
    private TaskCompletionSource? _changed;

    public RaftGroup(
        GroupId id, RawNode node, IStateMachine machine, MemberDirectory directory, IPeerLinks links, ILogWriter log, GroupSettings settings, ILogger logger)
    {
        Id = id;
        Directory = directory;
        _node = node;
        _machine = machine;
        _links = links;
        _log = log;
        _settings = settings;
        _logger = logger;
        _reads = new PendingReads(node, settings.ReadRetryMilliseconds);
        _members = new Members(node, directory);
        Status = MakeStatus();
    }

    public GroupId Id { get; }

    public MemberDirectory Directory { get; }

    /// <summary>As of the last step of the loop; any thread may read it.</summary>
    public GroupStatus Status { get; private set; }

    /// <summary>Completes when <see cref="Status"/> next changes; any thread may take it.</summary>
    public Task Changed
    {
        get
        {
            var waiting = Volatile.Read(ref _changed);
            if (waiting is null)
            {
                var fresh = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                waiting = Interlocked.CompareExchange(ref _changed, fresh, null) ?? fresh;
            }

            return waiting.Task;
        }
    }

    /// <summary>Whether this member votes and keeps terms, but holds no state.</summary>
    public bool IsWitness => _node.ConfState.Witnesses.Contains(_node.Id);

    /// <summary>Whether the loop must come back without waiting for anything new.</summary>
    public bool HasWork => _appendsInFlight < AppendsInFlightMax && _node.HasReady;

    /// <summary>Starts from a stored snapshot. Before the loop starts.</summary>
    public void Start(Snapshot snapshot, ReadOnlyMemory<byte> state)
    {
        LoadState(state);
        (_applied, _appliedTerm, _snapshotted) = (snapshot.Metadata.Index, snapshot.Metadata.Term, snapshot.Metadata.Index);
        Invariant.Check(_node.Applied == _applied);
        Status = MakeStatus();
    }

    public void Handle(in RaftEvent happened, long now)
    {
        switch (happened.Kind)
        {
            case RaftEventKind.Message:
                Take((Envelope)happened.Subject!);
                break;
            case RaftEventKind.Proposal:
                _idleTicks = 0;
                _arrived.Add((Proposal)happened.Subject!);
                break;
            case RaftEventKind.Read when IsWitness:
                ((LinearRead)happened.Subject!).Fail(new ConsensusException("this member is a witness and holds no state"));
                break;
            case RaftEventKind.Read:
                _idleTicks = 0;
                _reads.Ask((LinearRead)happened.Subject!, now);
                break;
            case RaftEventKind.Join:
                _members.Admit((MemberInfo)happened.Subject!);
                break;
            case RaftEventKind.Unreachable:
                Lose(happened.Node);
                break;
            case RaftEventKind.SnapshotSent:
                _node.ReportSnapshot(happened.Node, happened.HasFailed);
                break;
            case RaftEventKind.Call:
                ((Action)happened.Subject!)();
                break;
            default:
                Invariant.Fail("unknown event");
                break;
        }
    }

    public void Tick(long now)
    {
        _node.Tick();
        _pending.Expire(now);
        _reads.Tick(now);
        _members.Tick();
        _snapshotPause = Math.Max(0, _snapshotPause - 1);
        if (_settings.QuiesceTicks > 0 && ++_idleTicks >= _settings.QuiesceTicks)
        {
            _ = _node.TryQuiesce();
        }
    }

    /// <summary>Proposes what has arrived, and carries out everything the core asks for.</summary>
    /// <exception cref="LogFailedException">The log cannot read back what it holds.</exception>
    public void Pump()
    {
        ProposeArrived();
        while (HasWork)
        {
            var job = _idleJobs.TryPop(out var idle) ? idle : new AppendJob { Group = this };
            var ready = job.Ready;
            _node.Ready(ready);
            RequireProgress(ready);
            foreach (ref readonly var message in ready.Messages)
            {
                _links.Send(Id, message);
            }

            _reads.Confirm(ready.ReadStates);
            Apply(ready);
            if (ready.NeedsAppend)
            {
                _appendsInFlight++;
                _log.Append(job);
            }
            else
            {
                _idleJobs.Push(job);
            }
        }

        _reads.Applied(_applied);
        MaybeSnapshot();
        Publish();
    }

    /// <summary>A leader asks the voter that holds most of its log to lead; anybody else does nothing.</summary>
    public void HandOver()
    {
        var (next, most) = (NodeId.None, LogIndex.Zero);
        foreach (var voter in _node.ConfState.Voters)
        {
            if (voter != _node.Id && _node.TryProgress(voter, out var progress) && progress.RecentActive && progress.Match > most)
            {
                (next, most) = (voter, progress.Match);
            }
        }

        if (next != NodeId.None)
        {
            _node.TransferLeader(next);
        }
    }

    public void Stop(string reason)
    {
        foreach (var proposal in _arrived)
        {
            proposal.Complete(Outcome.Dropped(reason));
            proposal.Release();
        }

        _arrived.Clear();
        _pending.FailAll(reason);
        _reads.FailAll(reason);
    }

    // A sleeping follower counts no ticks, so it has to be told that its leader is gone.
    private void Lose(NodeId peer)
    {
        _node.ReportUnreachable(peer);
        if (_node.IsQuiescent && peer == _node.SoftState.Leader)
        {
            _idleTicks = 0;
            _node.Wake();
        }
    }

    private void Take(Envelope envelope)
    {
        if (envelope.Message is { Type: MessageType.MsgSnap, Snapshot.Data.IsEmpty: true })
        {
            TakeBare(envelope.Message);
        }
        else
        {
            _ = _node.Step(envelope.Message);
        }

        envelope.Return();
    }

    // A witness is sent what a snapshot stands for, and keeps who the members are.
    private void TakeBare(Message message)
    {
        if (!message.Snapshot!.Metadata.ConfState.Witnesses.Contains(_node.Id))
        {
            return;
        }

        var state = new ArrayBufferWriter<byte>();
        Directory.Save(state);
        _log.StoreSnapshot(Id, message.Snapshot.Metadata, state.WrittenMemory, stored =>
        {
            // Without it the leader sends again.
            if (stored is not null)
            {
                message.Snapshot = stored;
                _ = _node.Step(message);
            }
        });
    }

    // A core that has something to do and shows nothing has committed entries to give and cannot get them from the log.
    private void RequireProgress(Ready ready)
    {
        var isEmpty = ready is { NeedsAppend: false, NeedsApply: false, SoftState: null } && ready.Messages.IsEmpty && ready.ReadStates.IsEmpty;
        if (isEmpty && _node.HasReady)
        {
            throw new LogFailedException($"the log of group {Id} cannot read entry {_applied.Next}; restart the node, and its peers send the entry again");
        }
    }

    private void ProposeArrived()
    {
        if (_arrived.Count == 0)
        {
            return;
        }

        // Somebody wants something of a group that may have lost its leader while it slept.
        _node.Wake();
        foreach (var proposal in _arrived)
        {
            Batch(new Entry(proposal.Payload));
        }

        var isTaken = _node.SoftState.Role == Role.Leader && _node.Propose(_batch.AsMemory(0, _batched)) == StepResult.Ok;
        var index = new LogIndex(_node.LastIndex.Value - (ulong)_arrived.Count);
        foreach (var proposal in _arrived)
        {
            if (isTaken)
            {
                index = index.Next;
                proposal.Index = index;
                _pending.Add(proposal);
            }
            else
            {
                proposal.Complete(Outcome.Dropped(Refusal()));
                proposal.Release();
            }
        }

        _arrived.Clear();
        _batch.AsSpan(0, _batched).Clear();
        _batched = 0;
    }

    private void Batch(in Entry entry)
    {
        if (_batched == _batch.Length)
        {
            Array.Resize(ref _batch, Math.Max(16, 2 * _batched));
        }

        _batch[_batched++] = entry;
    }

    private string Refusal() =>
        _node.SoftState.Role != Role.Leader ? "this node does not lead"
        : _node.Transferee != NodeId.None ? "leadership is being handed over"
        : "the leader has too much uncommitted";

    private void Apply(Ready ready)
    {
        if (!ready.NeedsApply)
        {
            return;
        }

        foreach (ref readonly var entry in ready.CommittedEntries.Span)
        {
            Invariant.Check(entry.Index == _applied.Next);
            if (entry.Type == EntryType.Normal)
            {
                ApplyCommand(entry);
            }
            else
            {
                _members.Apply(entry);
            }

            _applied = entry.Index;
            _appliedTerm = entry.Term;
        }

        _ = _node.StepLocal(ready.AfterApply);
    }

    private void ApplyCommand(in Entry entry)
    {
        if (!EntryHeader.TryRead(entry.Data.Span, out var header))
        {
            // A new leader's first entry has no payload.
            _ = _pending.Applied(entry.Index, default);
            return;
        }

        _reply.ResetWrittenCount();
        _machine.Apply(entry.Index, entry.Data.Span[EntryHeader.Bytes..], _reply);
        if (_pending.Applied(entry.Index, header) is { } proposal)
        {
            proposal.Complete(Outcome.Committed(entry.Index, _reply.WrittenSpan.ToArray()));
            proposal.Release();
        }
    }

    /// <summary>The log has made a job durable: what waited for that goes out.</summary>
    public void Appended(AppendJob job)
    {
        _appendsInFlight--;
        if (job.Ready.Snapshot is { } snapshot)
        {
            Install(snapshot);
        }

        foreach (ref readonly var message in job.Ready.AfterAppend)
        {
            if (message.To == _node.Id)
            {
                _ = _node.StepLocal(message);
            }
            else
            {
                _links.Send(Id, message);
            }
        }

        _idleJobs.Push(job);
    }

    private void Install(Snapshot snapshot)
    {
        var state = _log.ReadSnapshot(Id, snapshot);
        LoadState(state);
        _applied = snapshot.Metadata.Index;
        _appliedTerm = snapshot.Metadata.Term;
        _snapshotted = _applied;
        _pending.Skipped(_applied);
        HostLog.SnapshotInstalled(_logger, Id.Value, _applied.Value, state.Length);
    }

    // What a witness has ends with the members.
    private void LoadState(ReadOnlyMemory<byte> state)
    {
        var rest = state[Directory.Load(state.Span)..];
        if (!rest.IsEmpty)
        {
            _machine.Restore(new ReadOnlySequence<byte>(rest));
        }
    }

    private void MaybeSnapshot()
    {
        // A new member can be brought up only by a snapshot whose configuration knows it.
        var isDue = _applied - _snapshotted >= (_node.NeedsNewerSnapshot ? 1 : _settings.SnapshotEntries);
        if (!isDue || _snapshotPause > 0)
        {
            return;
        }

        var data = new ArrayBufferWriter<byte>();
        Directory.Save(data);
        if (!IsWitness)
        {
            _machine.Snapshot(data);
        }

        // Some entries stay behind the snapshot, so that a follower that lags a little need not be sent all of it.
        var keep = Math.Max(1, _applied.Value > _settings.SnapshotEntries / 4 ? _applied.Value - (_settings.SnapshotEntries / 4) : 1);
        var before = _snapshotted;
        _snapshotted = _applied;
        _log.StoreSnapshot(Id, new SnapshotMetadata(_applied, _appliedTerm, _node.ConfState), data.WrittenMemory, stored =>
        {
            if (stored is not null)
            {
                _log.Offer(Id, stored, new LogIndex(keep));
                return;
            }

            // A new member may be waiting for it, and nothing be applied before that has come.
            (_snapshotted, _snapshotPause) = (before, SnapshotPauseTicks);
        });
    }

    private void Publish()
    {
        var before = Status;
        var soft = _node.SoftState;
        if (before.Applied == _applied && before.Leader == soft.Leader && before.Role == soft.Role && before.Term == _node.HardState.Term
            && before.Commit == _node.HardState.Commit)
        {
            return;
        }

        Status = MakeStatus();
        if (before.Leader != soft.Leader)
        {
            HostLog.LeaderChanged(_logger, Id.Value, soft.Leader.ToString(), Status.Term.Value);
            if (soft.Leader != NodeId.None)
            {
                Telemetry.LeaderChanges.Add(1);
            }
        }

        // Whoever asks from here on sees the new status.
        Interlocked.Exchange(ref _changed, null)?.TrySetResult();
    }

    private GroupStatus MakeStatus() => new()
    {
        Group = Id,
        Node = _node.Id,
        Leader = _node.SoftState.Leader,
        Role = _node.SoftState.Role,
        Term = _node.HardState.Term,
        Commit = _node.HardState.Commit,
        Applied = _applied,
        Digest = _machine.Digest,
        Voters = _node.ConfState.Voters,
        Learners = _node.ConfState.Learners,
    };
}
