using System.Buffers;
using Wetware.Core;
using Wetware.Host.Consensus;
using Wetware.Raft;
using Wetware.Raft.Log;

namespace Wetware.Fuzz.Raft;

/// <summary>The log writer of production, with the oracle looking at what goes in.</summary>
internal sealed class SimLog(LogWriter inner, SimMember[] members) : ILogWriter
{
    public SnapshotStore Snapshots => inner.Snapshots;

    public void Append(AppendJob job)
    {
        var member = members[(int)job.Group.Id.Value - 1];
        foreach (ref readonly var entry in job.Ready.Entries.Span)
        {
            var previous = member.TermAt(entry.Index.Previous);
            if (previous != Term.Zero || !member.Stored.HasUnknown)
            {
                // Otherwise the disk has just failed to read it, and the node is about to stop.
                member.Oracle.Appended(entry, previous, member.IsWitness);
            }
        }

        inner.Append(job);
    }

    public void StoreSnapshot(GroupId group, in SnapshotMetadata metadata, Action<IBufferWriter<byte>> write, Action<Snapshot?> then) =>
        inner.StoreSnapshot(group, metadata, write, then);

    public void Offer(GroupId group, Snapshot stored, LogIndex keepFrom) => inner.Offer(group, stored, keepFrom);

    public ReadOnlyMemory<byte> ReadSnapshot(GroupId group, Snapshot snapshot) => inner.ReadSnapshot(group, snapshot);

    public bool Pump() => inner.Pump();

    public void Flushed() => inner.Flushed();
}
