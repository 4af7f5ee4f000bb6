using System.Buffers;
using Wetware.Core;
using Wetware.Raft;

namespace Wetware.Host.Consensus;

/// <summary>Makes things durable in the order in which they are handed over. Called by the loop only.</summary>
internal interface ILogWriter
{
    /// <summary>
    /// Persists what a Ready shows. The job comes back through <see cref="RaftGroup.Appended"/>, from within a later call of
    /// <see cref="Pump"/> or <see cref="Flushed"/>.
    /// </summary>
    void Append(AppendJob job);

    /// <summary>Stores a snapshot.</summary>
    /// <param name="group">Of which group.</param>
    /// <param name="metadata">What it stands for.</param>
    /// <param name="write">Writes its data, beside the loop.</param>
    /// <param name="then">Is told on the loop what was stored: nothing if the disk did not take it. Not called if the loop ends before.</param>
    void StoreSnapshot(GroupId group, in SnapshotMetadata metadata, Action<IBufferWriter<byte>> write, Action<Snapshot?> then);

    /// <summary>Makes a stored snapshot of this node's own state the one to bring others up with, and lets go of the log before <paramref name="keepFrom"/>.</summary>
    void Offer(GroupId group, Snapshot stored, LogIndex keepFrom);

    /// <summary>Reads the state that a stored snapshot holds.</summary>
    ReadOnlyMemory<byte> ReadSnapshot(GroupId group, Snapshot snapshot);

    /// <summary>The loop has handed over all it has for now: whatever waits may go to the disk.</summary>
    /// <returns>Whether jobs came back already, so that there may be more to hand over.</returns>
    /// <exception cref="Exception">The disk has lost something; the node stops.</exception>
    bool Pump();

    /// <summary>The flush that was under way has ended, as <see cref="RaftEventKind.Flushed"/> said.</summary>
    /// <exception cref="Exception">It failed; the node stops, because nothing may be assumed of the disk any more.</exception>
    void Flushed();
}
