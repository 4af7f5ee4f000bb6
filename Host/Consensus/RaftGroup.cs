using System.Buffers;
using Microsoft.Extensions.Logging;
using Wetware.Core;
using Wetware.Core.Identity;
using Wetware.Protocol;
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

    private readonly RawNode _node;
    private readonly IStateMachine _machine;
    private readonly IPeerLinks _links;
    private readonly ILogWriter _log;
    private readonly GroupSettings _settings;
    private readonly PendingProposals _pending = new();
    private readonly ArrivedProposals _arrived;
    private readonly PendingReads _reads;
    private readonly Stack<AppendJob> _idleJobs = new();
    private readonly ArrayBufferWriter<byte> _reply = new();
    private readonly Members _members;
    private readonly GroupSnapshots _snapshots;
    private readonly StatusBoard _board;
    private LogIndex _applied;
    private Term _appliedTerm;
    private int _appendsInFlight;
    private int _idleTicks;

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
        _arrived = new ArrivedProposals(node, _pending);
        _reads = new PendingReads(node, settings.ReadRetryMilliseconds, settings.ReadsFrom);
        _members = new Members(node, directory);
        _snapshots = new GroupSnapshots(id, node, machine, directory, log, settings, logger);
        _board = new StatusBoard(id, node, machine, logger);
    }

    public GroupId Id { get; }

    public MemberDirectory Directory { get; }

    /// <summary>As of the last step of the loop; any thread may read it.</summary>
    public GroupStatus Status => _board.Status;

    /// <summary>Completes when <see cref="Status"/> next changes; any thread may take it.</summary>
    public Task Changed => _board.Changed;

    /// <summary>Whether this member votes and keeps terms, but holds no state.</summary>
    public bool IsWitness => _node.ConfState.Witnesses.Contains(_node.Id);

    /// <summary>Whether the loop must come back without waiting for anything new.</summary>
    public bool HasWork => _appendsInFlight < AppendsInFlightMax && _node.HasReady;

    /// <summary>Starts from a stored snapshot. Before the loop starts.</summary>
    public void Start(Snapshot snapshot, ReadOnlyMemory<byte> state)
    {
        _snapshots.Load(snapshot, state);
        (_applied, _appliedTerm) = (snapshot.Metadata.Index, snapshot.Metadata.Term);
        Invariant.Check(_node.Applied == _applied);
        _board.Publish(_applied);
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
                ((LinearRead)happened.Subject!).Fail(new WetwareException(FailureReason.Unavailable, "this member is a witness and holds no state"));
                break;
            case RaftEventKind.Read:
                _idleTicks = 0;
                _reads.Ask((LinearRead)happened.Subject!, now);
                break;
            case RaftEventKind.Join:
                _members.Admit((MemberInfo)happened.Subject!);
                break;
            case RaftEventKind.Unreachable:
                // Which also wakes a follower that sleeps and counts no ticks.
                _node.ReportUnreachable(happened.Node);
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
        _snapshots.Tick();
        if (_settings.QuiesceTicks > 0 && ++_idleTicks >= _settings.QuiesceTicks)
        {
            _ = _node.TryQuiesce();
        }
    }

    /// <summary>Proposes what has arrived, and carries out everything the core asks for.</summary>
    /// <exception cref="LogFailedException">The log cannot read back what it holds.</exception>
    public void Pump()
    {
        _arrived.Propose();
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
        _snapshots.MaybeStore(_applied, _appliedTerm);
        _board.Publish(_applied);
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
        _arrived.DropAll(reason);
        _pending.FailAll(reason);
        _reads.FailAll(reason);
    }

    private void Take(Envelope envelope)
    {
        if (envelope.Message is { Type: MessageType.MsgSnap, Snapshot.Data.IsEmpty: true })
        {
            _snapshots.StoreBare(envelope.Message);
        }
        else
        {
            _ = _node.Step(envelope.Message);
        }

        envelope.Return();
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
        _snapshots.Install(snapshot);
        (_applied, _appliedTerm) = (snapshot.Metadata.Index, snapshot.Metadata.Term);
        _pending.Skipped(_applied);
    }
}
