using Wetware.Core;
using Wetware.Raft.Consensus;
using Wetware.Raft.Tracking;

namespace Wetware.Raft;

/// <summary>
/// One member of one Raft group as a state machine: ticks, messages and requests go in, and a <see cref="Raft.Ready"/>
/// says what to persist, send and apply. It never waits, reads a clock or does I/O, and belongs to one thread at a time.
/// Names and behaviour are those of etcd/raft's RawNode, except where a member says otherwise. Once its buffers have
/// grown to the size of the load, it allocates nothing.
/// </summary>
public sealed class RawNode
{
    private readonly Entry[] _proposal = new Entry[1];
    private readonly List<Message> _toAdvance = [];
    private HardState _shownHardState;
    private SoftState _shownSoftState;
    private bool _isAdvanceDue;

    /// <summary>Starts from what the storage holds.</summary>
    /// <exception cref="RaftConfigException">The configuration contradicts itself.</exception>
    /// <exception cref="InconsistentStorageException">The stored state contradicts itself.</exception>
    public RawNode(RaftConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        Core = new(config);
        (_shownHardState, _shownSoftState) = (Core.HardState, Core.SoftState);
    }

    /// <summary>This member.</summary>
    public NodeId Id => Core.Id;

    /// <summary>What this member has to remember; what is persisted of it may be older.</summary>
    public HardState HardState => Core.HardState;

    /// <summary>Leader and role.</summary>
    public SoftState SoftState => Core.SoftState;

    /// <summary>The configuration in force here.</summary>
    public ConfState ConfState => Core.Tracker.Config;

    /// <summary>The highest index whose effects the host said the state machine has.</summary>
    public LogIndex Applied => Core.Apply.Applied;

    /// <summary>The last index of this member's log, durable or not.</summary>
    public LogIndex LastIndex => Core.Log.LastIndex;

    /// <summary>Whom this leader is handing leadership to; <see cref="NodeId.None"/> if nobody.</summary>
    public NodeId Transferee => Core.Transferee;

    /// <summary>Whether this member sleeps, so that ticks do nothing (see <see cref="TryQuiesce"/>).</summary>
    public bool IsQuiescent => Core.IsQuiescent;

    /// <summary>Whether entries that this member may have acknowledged are still missing (see <see cref="RaftConfig.LostUpTo"/>).</summary>
    public bool IsRepairing => Core.IsRepairing;

    /// <summary>
    /// Whether a member waits for a snapshot that is newer than the storage's: it was added since. The host makes one of
    /// the current state; the next heartbeat answer of that member tries again.
    /// </summary>
    public bool NeedsNewerSnapshot => Core.NeedsNewerSnapshot;

    /// <summary>Whether the next <see cref="Ready"/> has anything in it.</summary>
    public bool HasReady =>
        Core.SoftState != _shownSoftState
        || Core.HardState != _shownHardState
        || Core.Log.Unstable is { Snapshot: not null, IsSnapshotInProgress: false }
        || Core.Outbox.Messages.Length > 0
        || Core.Outbox.AfterAppend.Length > 0
        || Core.Log.Unstable.InProgress < Core.Log.Unstable.End
        || Core.Apply.HasNext(Core.Log, MayApplyUnstable)
        || Core.ReadStates.Count > 0;

    internal RaftCore Core { get; }

    private bool MayApplyUnstable => !Core.Config.AsyncStorageWrites;

    /// <summary>Time goes on by one tick.</summary>
    public void Tick() => Ticking.Tick(Core);

    /// <summary>Stand for election now.</summary>
    public void Campaign()
    {
        Wake();
        Elections.Hup(Core, isTransfer: false);
    }

    /// <summary>
    /// Leader: puts the group to sleep if nothing is under way and everybody has everything; ticks then do nothing here
    /// and at those followers that got the word, until anything is proposed, asked or received. A sleeping follower does
    /// not notice that its leader is gone: whoever uses this calls <see cref="ReportUnreachable"/> when the connection to
    /// the leader's process ends.
    /// </summary>
    /// <returns>Whether the group sleeps.</returns>
    public bool TryQuiesce() => Quiescence.TryEnter(Core);

    /// <summary>Ends the sleep of this member; a leader wakes the others.</summary>
    public void Wake() => Quiescence.Wake(Core);

    /// <summary>Proposes one command.</summary>
    public StepResult Propose(ReadOnlyMemory<byte> data)
    {
        _proposal[0] = new(data);
        return Propose(_proposal);
    }

    /// <summary>Proposes a batch, all or nothing. The array is read during the call only, the payloads are kept.</summary>
    public StepResult Propose(ReadOnlyMemory<Entry> entries) =>
        Steps.Step(Core, new() { Type = MessageType.MsgProp, From = Id, Entries = entries });

    /// <summary>Proposes a change of one member, without a joint configuration.</summary>
    public StepResult ProposeConfChange(in ConfChange change)
    {
        _proposal[0] = new(default, default, EntryType.ConfChange, change.Encode());
        return Propose(_proposal);
    }

    /// <summary>Proposes any configuration change.</summary>
    public StepResult ProposeConfChange(ConfChangeV2 change)
    {
        ArgumentNullException.ThrowIfNull(change);
        _proposal[0] = new(default, default, EntryType.ConfChangeV2, change.Encode());
        return Propose(_proposal);
    }

    /// <summary>
    /// Puts a committed configuration change in force; the host calls it when it applies the entry, unless it decides
    /// otherwise by the same rule on every member.
    /// </summary>
    /// <returns>Null, or why the change was rejected: every member rejects it for the same reason, and goes on as before.</returns>
    public string? ApplyConfChange(ConfChangeV2 change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return Configuration.Apply(Core, change);
    }

    /// <summary>Puts the change of a committed entry in force, or rejects what is none.</summary>
    /// <returns>Null, or why every member rejects it.</returns>
    public string? ApplyConfChange(in Entry entry) =>
        ConfChangeV2.TryDecode(entry, out var change) ? ApplyConfChange(change) : "not a configuration change";

    /// <summary>Takes a message from another member. Whatever it says, the node goes on.</summary>
    public StepResult Step(in Message message)
    {
        var verdict = MessageCheck.OfRemote(message, Core);
        return verdict == StepResult.Ok ? Steps.Step(Core, message) : verdict;
    }

    /// <summary>Takes a message that this node addressed to itself by <see cref="Ready.AfterAppend"/> or <see cref="Ready.AfterApply"/>.</summary>
    public StepResult StepLocal(in Message message)
    {
        Invariant.Check(message.To == Id);
        return !LocalNodes.Contains(message.From) && Core.Tracker.Find(message.From) is null
            ? StepResult.PeerNotFound
            : Steps.Step(Core, message);
    }

    /// <summary>A message to that member could not be delivered, or its process is gone. Ends the sleep of this member.</summary>
    public void ReportUnreachable(NodeId node) =>
        Steps.Step(Core, new() { Type = MessageType.MsgUnreachable, From = node });

    /// <summary>Sending a snapshot to that member has ended.</summary>
    public void ReportSnapshot(NodeId node, bool hasFailed) =>
        Steps.Step(Core, new() { Type = MessageType.MsgSnapStatus, From = node, Reject = hasFailed });

    /// <summary>Asks that leadership pass to that member.</summary>
    public void TransferLeader(NodeId transferee) =>
        Steps.Step(Core, new() { Type = MessageType.MsgTransferLeader, From = transferee });

    /// <summary>Stops following the current leader, so that this node may vote for another at once. Ignored where leases are used.</summary>
    public void ForgetLeader() => Steps.Step(Core, new() { Type = MessageType.MsgForgetLeader });

    /// <summary>
    /// Asks for an index after which a read is linearizable. The answer comes as a <see cref="ReadState"/> with the same
    /// number, or never: if there is no leader or leadership changes, ask again under another number.
    /// </summary>
    public void ReadIndex(ulong context) =>
        Steps.Step(Core, new() { Type = MessageType.MsgReadIndex, Context = context });

    /// <summary>What there is to do now, into an object whose earlier contents nobody needs any more.</summary>
    public void Ready(Ready ready)
    {
        ArgumentNullException.ThrowIfNull(ready);
        Invariant.Check(!_isAdvanceDue);
        ready.Fill(Core, ref _shownHardState, ref _shownSoftState, MayApplyUnstable);
        if (!Core.Config.AsyncStorageWrites)
        {
            ready.MakeSynchronous(_toAdvance, Id);
            _isAdvanceDue = true;
        }
    }

    /// <summary>Synchronous use: all that the last <see cref="Raft.Ready"/> asked for is done.</summary>
    public void Advance()
    {
        Invariant.Check(_isAdvanceDue);
        _isAdvanceDue = false;
        foreach (ref readonly var message in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_toAdvance))
        {
            _ = Steps.Step(Core, message);
        }

        _toAdvance.Clear();
    }

    /// <summary>How far a member is, as this leader sees it; false if it is no member, or this node does not lead.</summary>
    public bool TryProgress(NodeId node, out MemberProgress progress)
    {
        var member = Core.Role == Role.Leader ? Core.Tracker.Find(node) : null;
        progress = member is null ? default : MemberProgress.Of(member);
        return member is not null;
    }
}
