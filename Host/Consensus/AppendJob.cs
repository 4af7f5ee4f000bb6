using Wetware.Raft;

namespace Wetware.Host.Consensus;

/// <summary>What the log has to make durable for one group before <see cref="Raft.Ready.AfterAppend"/> may be delivered. Reused.</summary>
internal sealed class AppendJob
{
    public required RaftGroup Group { get; init; }

    /// <summary>Holds hard state, entries and snapshot; not filled again before the job has come back.</summary>
    public Ready Ready { get; } = new();
}
