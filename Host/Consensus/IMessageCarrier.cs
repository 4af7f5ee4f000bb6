using Wetware.Core;
using Wetware.Raft;

namespace Wetware.Host.Consensus;

/// <summary>Takes messages to other members: over connections, through memory, or in virtual time. Called on the loop; returns at once.</summary>
internal interface IMessageCarrier
{
    /// <summary>Sends a batch as one request.</summary>
    /// <param name="batch">Unchanged until the carriage ends. Its envelopes are the carrier's, to be passed on or returned.</param>
    /// <returns>What became of it; after <see cref="Carriage.UnderWay"/> a <see cref="RaftEventKind.Carried"/> must follow.</returns>
    Carriage Carry(MessageBatch batch);

    /// <summary>Transfers a stored snapshot, and posts <see cref="RaftEventKind.SnapshotSent"/> at its end.</summary>
    void CarrySnapshot(GroupId group, in Message message);
}
