namespace Wetware.Host.Consensus;

/// <summary>The limits of the consensus; each with its unit and its reason.</summary>
internal static class Limits
{
    /// <summary>Proposals of one node that await their outcome at once; one more is dropped, so that memory stays bounded.</summary>
    public const int ProposalsPendingMax = 65_536;

    /// <summary>Events that a turn of the Raft loop waits for no others with.</summary>
    public const int TurnEventsEnough = 128;

    /// <summary>Batches of resumed waiters on the thread pool from which on a turn waits a moment for what they propose.</summary>
    public const int TurnBatchesAwaited = 2;

    /// <summary>How long it waits for each such batch, in microseconds: about as long as a batch takes.</summary>
    public const int TurnGatherMicrosecondsPerBatch = 5;

    /// <summary>How long it waits at most, in microseconds: about as long as a turn takes.</summary>
    public const int TurnGatherMicrosecondsMax = 40;

    /// <summary>Bytes of one replicated command. Large values belong beside the log, not in it.</summary>
    public const int CommandBytesMax = 4 << 20;

    /// <summary>The least rate of snapshots, in bytes per second: at less, a snapshot may be older than the log before it has arrived.</summary>
    public const long SnapshotBytesPerSecondMin = 1 << 20;

    /// <summary>The greatest rate of snapshots, in bytes per second: more than any line carries, so that a limit of it counts as none.</summary>
    public const long SnapshotBytesPerSecondMax = 1L << 40;

    /// <summary>Bytes of a snapshot that a node accepts from a peer.</summary>
    public const long SnapshotBytesMax = 1L << 30;

    /// <summary>Raft messages queued for one peer; beyond it further ones are dropped, which Raft repairs.</summary>
    public const int PeerMessagesMax = 4_096;

    /// <summary>Bytes of Raft messages queued for one peer, beside those of the request under way. More than the largest message, a command with what surrounds it.</summary>
    public const long PeerBytesMax = 16L << 20;

    /// <summary>Raft messages in one request: the heartbeats of so many groups.</summary>
    public const int RequestMessagesMax = 1_024;

    /// <summary>Bytes of Raft messages in one request, unless one alone is larger; small enough that what is urgent is not long in coming behind it.</summary>
    public const long RequestBytesMax = 1L << 20;

    /// <summary>Voters that a cluster grows to by itself; further members stay learners.</summary>
    public const int VotersMax = 7;
}
