using System.Runtime.InteropServices;
using Wetware.Core;
using Wetware.Raft.Consensus;

namespace Wetware.Raft;

/// <summary>
/// What a node wants done, filled by <see cref="RawNode.Ready"/> into an object that the caller owns and reuses. All of
/// it, the entries of its messages included, stays valid until the same object is filled again; so a host that persists
/// or applies in the background keeps as many of these as it lets be under way.
/// <para>
/// Synchronous use: persist <see cref="HardState"/>, install <see cref="Snapshot"/>, append <see cref="Entries"/> (one
/// sync if <see cref="MustSync"/>), apply <see cref="CommittedEntries"/>, send <see cref="Messages"/>, then call
/// <see cref="RawNode.Advance"/>.
/// </para>
/// <para>
/// Asynchronous use: send <see cref="Messages"/> at once. If <see cref="NeedsAppend"/>, persist HardState, Snapshot and
/// Entries in the order of the Readys, and once they are durable deliver each of <see cref="AfterAppend"/>: step those
/// addressed to this node, send the others. If <see cref="NeedsApply"/>, apply CommittedEntries in the order of the
/// Readys and then step <see cref="AfterApply"/>. Appending and applying need no order between them.
/// </para>
/// </summary>
public sealed class Ready
{
    private Outbox _outbox = new();
    private bool _isSynchronous;
    private List<ReadState> _readStates = [];

    /// <summary>Leader and role, if either changed.</summary>
    public SoftState? SoftState { get; internal set; }

    /// <summary>The hard state to persist; empty if it did not change.</summary>
    public HardState HardState { get; internal set; }

    /// <summary>Whether anything here has to be durable before it may be relied on; a mere commit index need not be.</summary>
    public bool MustSync { get; internal set; }

    /// <summary>Entries to append, replacing stored ones from the first's index on.</summary>
    public ReadOnlyMemory<Entry> Entries { get; internal set; }

    /// <summary>A snapshot to install before anything else, replacing log and state.</summary>
    public Snapshot? Snapshot { get; internal set; }

    /// <summary>Entries to apply to the state machine, in order.</summary>
    public ReadOnlyMemory<Entry> CommittedEntries { get; internal set; }

    /// <summary>Messages to other members. Synchronous use sends them after persisting.</summary>
    public ReadOnlySpan<Message> Messages => _outbox.Messages;

    /// <summary>Asynchronous use only: messages to deliver once this Ready and those before it are durable.</summary>
    public ReadOnlySpan<Message> AfterAppend => _isSynchronous ? default : _outbox.AfterAppend;

    /// <summary>Asynchronous use only: the message to step once <see cref="CommittedEntries"/> are applied.</summary>
    public Message AfterApply { get; internal set; }

    /// <summary>Answers to requests for a read index made at this node.</summary>
    public ReadOnlySpan<ReadState> ReadStates => CollectionsMarshal.AsSpan(_readStates);

    /// <summary>Whether there is anything for the log: something to persist, or messages that wait for what was given before.</summary>
    public bool NeedsAppend => Entries.Length > 0 || !HardState.IsEmpty || Snapshot is not null || AfterAppend.Length > 0;

    /// <summary>Whether there is anything to apply.</summary>
    public bool NeedsApply => CommittedEntries.Length > 0;

    /// <summary>Takes everything that is waiting in the core, which counts as handed out from then on.</summary>
    internal void Fill(RaftCore core, ref HardState shownHardState, ref SoftState shownSoftState, bool mayApplyUnstable)
    {
        _outbox.Clear();
        _readStates.Clear();
        _isSynchronous = false;
        (_outbox, _readStates) = core.Swap(_outbox, _readStates);

        var (hardState, softState) = (core.HardState, core.SoftState);
        SoftState = softState == shownSoftState ? null : softState;
        HardState = hardState == shownHardState ? default : hardState;
        Entries = TakeEntries(core);
        var isTermOrVoteNew = hardState.Term != shownHardState.Term || hardState.Vote != shownHardState.Vote;
        MustSync = isTermOrVoteNew || Entries.Length > 0;
        (shownHardState, shownSoftState) = (hardState, softState);

        var unstable = core.Log.Unstable;
        Snapshot = unstable.IsSnapshotInProgress ? null : unstable.Snapshot;
        CommittedEntries = core.Apply.Take(core.Log, mayApplyUnstable, _outbox.Entries);
        AfterApply = NeedsApply
            ? new() { Type = MessageType.MsgStorageApplyResp, To = core.Id, From = LocalNodes.ApplyThread, Entries = CommittedEntries }
            : default;
        if (NeedsAppend && (unstable.Count > 0 || Snapshot is not null))
        {
            Attest(core);
        }

        unstable.AcceptInProgress();
    }

    /// <summary>Turns the asynchronous form into the synchronous one: what waits for storage waits for Advance instead.</summary>
    internal void MakeSynchronous(List<Message> toAdvance, NodeId self)
    {
        foreach (ref readonly var message in _outbox.AfterAppend)
        {
            if (message.To == self)
            {
                toAdvance.Add(message);
            }
            else
            {
                _outbox.AddNow() = message;
            }
        }

        if (NeedsApply)
        {
            toAdvance.Add(AfterApply);
        }

        _isSynchronous = true;
    }

    private ReadOnlyMemory<Entry> TakeEntries(RaftCore core)
    {
        var unstable = core.Log.Unstable;
        var count = (int)(unstable.End - unstable.InProgress);
        if (count == 0)
        {
            return default;
        }

        // A leader has mostly just read the same entries for its followers.
        if (_outbox.TryShareAll(unstable.InProgress, core.Log, count, out var shared))
        {
            return shared;
        }

        var start = _outbox.Entries.Count;
        _outbox.Entries.AddRange(unstable.Slice(unstable.InProgress, unstable.End));
        return _outbox.Entries.Range(start, count);
    }

    /// <summary>
    /// Asks for word once all this is durable. The answer names the last entry of the whole unstable log even if that was
    /// handed out earlier, and the term: an answer of an older term is ignored, because the entry may have been replaced
    /// and restored in between while the storage was still busy with the replacement; so every term needs its own.
    /// </summary>
    private void Attest(RaftCore core)
    {
        ref var message = ref _outbox.AddAfterAppend();
        message.Type = MessageType.MsgStorageAppendResp;
        message.To = core.Id;
        message.From = LocalNodes.AppendThread;
        message.Term = core.Term;
        message.Snapshot = Snapshot;
        if (core.Log.Unstable.Count > 0)
        {
            message.Index = core.Log.LastIndex;
            message.LogTerm = core.Log.LastTerm;
        }
    }
}
