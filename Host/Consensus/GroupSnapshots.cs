using System.Buffers;
using Microsoft.Extensions.Logging;
using Wetware.Core;
using Wetware.Raft;

namespace Wetware.Host.Consensus;

/// <summary>
/// The snapshots of a group: when one is due, what is in it, and how one from a leader takes the place of the state. A snapshot is the members and, unless
/// this member is a witness, the state machine's state.
/// </summary>
internal sealed class GroupSnapshots(GroupId id, RawNode node, IStateMachine machine, MemberDirectory directory, ILogWriter log, GroupSettings settings, ILogger logger)
{
    /// <summary>Ticks before a snapshot is tried again that the disk did not take.</summary>
    private const int PauseTicks = 10;

    private LogIndex _latest;
    private bool _isStoring;
    private int _pause;

    private bool IsWitness => node.ConfState.Witnesses.Contains(node.Id);

    public void Tick() => _pause = Math.Max(0, _pause - 1);

    /// <summary>Replaces the state by what a snapshot holds.</summary>
    public void Load(Snapshot snapshot, ReadOnlyMemory<byte> state)
    {
        // What a witness has ends with the members.
        var rest = state[directory.Load(state.Span)..];
        if (!rest.IsEmpty)
        {
            machine.Restore(new ReadOnlySequence<byte>(rest));
        }

        _latest = snapshot.Metadata.Index;
    }

    /// <summary>Puts a snapshot of a leader to use, which the log has just installed.</summary>
    public void Install(Snapshot snapshot)
    {
        var state = log.ReadSnapshot(id, snapshot);
        Load(snapshot, state);
        Log.SnapshotInstalled(logger, id.Value, snapshot.Metadata.Index.Value, state.Length);
    }

    /// <summary>Stores a snapshot if one is due. The state is captured here and written beside the loop.</summary>
    public void MaybeStore(LogIndex applied, Term term)
    {
        // A new member can be brought up only by a snapshot whose configuration knows it.
        var isDue = applied - _latest >= (node.NeedsNewerSnapshot ? 1 : settings.SnapshotEntries);
        if (!isDue || _isStoring || _pause > 0)
        {
            return;
        }

        var members = new ArrayBufferWriter<byte>();
        directory.Save(members);
        var capture = IsWitness ? null : machine.Capture();
        // Some entries stay behind the snapshot, so that a follower that lags a little need not be sent all of it.
        var keep = new LogIndex(Math.Max(1, applied.Value > settings.SnapshotEntries / 4 ? applied.Value - (settings.SnapshotEntries / 4) : 1));
        var before = _latest;
        (_latest, _isStoring) = (applied, true);
        void Write(IBufferWriter<byte> output)
        {
            output.Write(members.WrittenSpan);
            capture?.WriteTo(output);
        }

        log.StoreSnapshot(id, new SnapshotMetadata(applied, term, node.ConfState), Write, stored =>
        {
            capture?.Dispose();
            _isStoring = false;
            if (stored is not null)
            {
                log.Offer(id, stored, keep);
            }
            else if (_latest == applied)
            {
                // A new member may be waiting for it, and nothing be applied before that has come.
                (_latest, _pause) = (before, PauseTicks);
            }
        });
    }

    /// <summary>A witness is sent what a snapshot stands for, and keeps who the members are.</summary>
    public void StoreBare(Message message)
    {
        if (!message.Snapshot!.Metadata.ConfState.Witnesses.Contains(node.Id))
        {
            return;
        }

        var members = new ArrayBufferWriter<byte>();
        directory.Save(members);
        log.StoreSnapshot(id, message.Snapshot.Metadata, output => output.Write(members.WrittenSpan), stored =>
        {
            // Without it the leader sends again.
            if (stored is not null)
            {
                message.Snapshot = stored;
                _ = node.Step(message);
            }
        });
    }
}
