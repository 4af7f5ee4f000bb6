using System.Globalization;
using System.Text;
using Wetware.Core;

namespace Wetware.Raft.Tracking;

/// <summary>What a leader knows about one member, and its flow control towards it.</summary>
internal sealed class Progress(NodeId id, int inflightMessagesMax, ulong inflightBytesMax)
{
    /// <summary>The member.</summary>
    public NodeId Id { get; } = id;

    /// <summary>The highest index up to which its log is known to agree with the leader's. Invariant: below <see cref="Next"/>.</summary>
    public LogIndex Match { get; private set; }

    /// <summary>The next index to send to it; those between Match and it are in flight.</summary>
    public LogIndex Next { get; private set; } = new(1);

    /// <summary>The highest commit index sent to it that it may still be going to learn.</summary>
    public LogIndex SentCommit { get; private set; }

    /// <summary>How the leader treats it.</summary>
    public ProgressState State { get; private set; }

    /// <summary>The index of the snapshot that was sent, while that is what it waits for.</summary>
    public LogIndex PendingSnapshot { get; private set; }

    /// <summary>Whether it has been heard of since quorum activity was last checked.</summary>
    public bool RecentActive { get; set; }

    /// <summary>Whether appends wait for the next heartbeat answer.</summary>
    public bool FlowPaused { get; set; }

    /// <summary>Whether it receives entries without voting.</summary>
    public bool IsLearner { get; set; }

    /// <summary>Whether it votes but is sent no payloads.</summary>
    public bool IsWitness { get; set; }

    /// <summary>Whether it votes in the current configuration, or its incoming half.</summary>
    public bool IsIncoming { get; set; }

    /// <summary>Whether it votes in the outgoing half of a joint configuration.</summary>
    public bool IsOutgoing { get; set; }

    /// <summary>Its vote in this node's candidacy; null before it has answered. The first answer counts.</summary>
    public bool? Vote { get; set; }

    /// <summary>The highest heartbeat round that it has answered in this term.</summary>
    public ulong AckedRound { get; private set; }

    /// <summary>The appends that are under way to it.</summary>
    public Inflights Inflights { get; } = new(inflightMessagesMax, inflightBytesMax);

    /// <summary>Whether nothing may be sent to it now.</summary>
    public bool IsPaused => State == ProgressState.Snapshot || FlowPaused;

    /// <summary>A member that was just added: it counts as active, lest the leader step down before it could answer.</summary>
    public static Progress ForNewMember(NodeId id, LogIndex lastIndex, int inflightMessagesMax, ulong inflightBytesMax) =>
        new(id, inflightMessagesMax, inflightBytesMax)
        {
            Next = lastIndex < new LogIndex(1) ? new(1) : lastIndex,
            RecentActive = true,
        };

    /// <summary>Starts over in a new term or role of this node.</summary>
    public void Reset(LogIndex match, LogIndex next)
    {
        Invariant.Check(match < next);
        ResetState(ProgressState.Probe);
        (Match, Next, SentCommit) = (match, next, default);
        (RecentActive, AckedRound, Vote) = (false, 0, null);
    }

    /// <summary>From any state: probe, from behind the snapshot if one was sent.</summary>
    public void BecomeProbe()
    {
        var pending = State == ProgressState.Snapshot ? PendingSnapshot : LogIndex.Zero;
        ResetState(ProgressState.Probe);
        Next = Max(Match, pending).Next;
        SentCommit = Min(SentCommit, Next.Previous);
    }

    /// <summary>From any state: pipeline, from behind what is known to agree.</summary>
    public void BecomeReplicate()
    {
        ResetState(ProgressState.Replicate);
        Next = Match.Next;
    }

    /// <summary>From any state: wait until the snapshot at <paramref name="index"/> is installed.</summary>
    public void BecomeSnapshot(LogIndex index)
    {
        ResetState(ProgressState.Snapshot);
        PendingSnapshot = index;
        Next = index.Next;
        SentCommit = index;
    }

    /// <summary>The snapshot was not installed; the next probe starts from before it.</summary>
    public void ForgetSnapshot() => PendingSnapshot = default;

    /// <summary>An append of that many entries and payload bytes, from <see cref="Next"/> on, is on its way.</summary>
    public void SentEntries(int count, ulong bytes)
    {
        Invariant.Check(State != ProgressState.Snapshot);
        if (State == ProgressState.Replicate)
        {
            if (count > 0)
            {
                Next += (ulong)count;
                Inflights.Add(Next.Previous, bytes);
            }

            FlowPaused = Inflights.IsFull;
        }
        else if (count > 0)
        {
            FlowPaused = true;
        }
    }

    /// <summary>A commit index is on its way.</summary>
    public void SentCommitIndex(LogIndex commit) => SentCommit = commit;

    /// <summary>Whether sending this commit index could make the follower commit more than what was sent already will.</summary>
    public bool CanBumpCommit(LogIndex commit) => commit > SentCommit && SentCommit < Next.Previous;

    /// <summary>The follower holds everything up to <paramref name="index"/>. False if that was known.</summary>
    public bool MaybeUpdate(LogIndex index)
    {
        if (index <= Match)
        {
            return false;
        }

        Match = index;
        Next = Max(Next, index.Next);
        FlowPaused = false;
        return true;
    }

    /// <summary>
    /// The follower refused an append after <paramref name="rejected"/>, and suggests to go on from
    /// <paramref name="hint"/>. False if the refusal is about something that is known to be otherwise by now.
    /// </summary>
    public bool MaybeDecreaseTo(LogIndex rejected, LogIndex hint)
    {
        if (State == ProgressState.Replicate)
        {
            if (rejected <= Match)
            {
                return false;
            }

            Next = Match.Next;
            SentCommit = Min(SentCommit, Match);
            return true;
        }

        if (Next.Previous != rejected)
        {
            return false;
        }

        Next = Max(Min(rejected, hint.Next), Match.Next);
        SentCommit = Min(SentCommit, Next.Previous);
        FlowPaused = false;
        return true;
    }

    /// <summary>The follower holds nothing beyond <paramref name="index"/> any more, whatever it acknowledged.</summary>
    public void Regress(LogIndex index)
    {
        Match = Min(Match, index);
        BecomeProbe();
    }

    /// <summary>The follower has answered this heartbeat round; older answers that arrive late change nothing.</summary>
    public void AckRound(ulong round) => AckedRound = Math.Max(AckedRound, round);

    /// <summary>As etcd/raft prints a progress.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"State{State} match={Match} next={Next}");
        text.Append(IsLearner ? " learner" : "").Append(IsPaused ? " paused" : "");
        if (PendingSnapshot > LogIndex.Zero)
        {
            text.Append(CultureInfo.InvariantCulture, $" pendingSnap={PendingSnapshot}");
        }

        text.Append(RecentActive ? "" : " inactive");
        if (Inflights.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $" inflight={Inflights.Count}").Append(Inflights.IsFull ? "[full]" : "");
        }

        return text.ToString();
    }

    private void ResetState(ProgressState state)
    {
        FlowPaused = false;
        PendingSnapshot = default;
        State = state;
        Inflights.Reset();
    }

    private static LogIndex Max(LogIndex left, LogIndex right) => left > right ? left : right;

    private static LogIndex Min(LogIndex left, LogIndex right) => left < right ? left : right;
}
