using Wetware.Core;
using Wetware.Raft.Tracking;

namespace Wetware.Raft.Consensus;

/// <summary>
/// The state of one member of one group, and its named transitions. The handlers of messages are in the classes of this
/// folder that are called after what they handle; they share this state, and only the Become methods change the role.
/// </summary>
internal sealed class RaftCore
{
    private Prng _random;
    private int _stalledTicks;
    private LogIndex _durableAtLastTick;

    public RaftCore(RaftConfig config)
    {
        config.Validate();
        Config = config;
        _random = new(config.Seed);
        Log = new(config.Storage);
        var applyingBytesMax = config.ApplyingBytesMax == 0 ? Math.Max(1, config.MessageBytesMax) : config.ApplyingBytesMax;
        var state = config.Storage.HardState;
        if (Configuration.Restore(this, config.Storage.ConfState) is { } error)
        {
            throw new InconsistentStorageException("the stored configuration is impossible: " + error);
        }

        if (!state.IsEmpty)
        {
            // What was lost may have been committed; it will be again.
            Log.StartAt(IsRepairing && state.Commit > Log.LastIndex ? Log.LastIndex : state.Commit);
            (Term, Vote) = (state.Term, state.Vote);
        }

        var applied = Log.FirstIndex.Previous < config.Applied ? config.Applied : Log.FirstIndex.Previous;
        if (applied > Log.Committed)
        {
            throw new InconsistentStorageException($"applied index {applied} is beyond the stored commit index {Log.Committed}");
        }

        Apply = new(applied, applyingBytesMax);
        BecomeFollower(Term, NodeId.None);
    }

    public RaftConfig Config { get; }

    public NodeId Id => Config.Id;

    public RaftLog Log { get; }

    public ApplyQueue Apply { get; }

    public ProgressTracker Tracker { get; } = new();

    public ReadIndexes Reads { get; } = new();

    public List<ReadState> ReadStates { get; private set; } = [];

    public Outbox Outbox { get; private set; } = new();

    public Term Term { get; private set; }

    public NodeId Vote { get; private set; }

    public NodeId Leader { get; private set; }

    public Role Role { get; private set; }

    /// <summary>Whom leadership is being transferred to.</summary>
    public NodeId Transferee { get; set; }

    /// <summary>No other configuration change is proposed before this index is applied.</summary>
    public LogIndex PendingConfIndex { get; set; }

    /// <summary>Payload bytes of this leader's uncommitted entries; may be too low after it took over, never too high.</summary>
    public ulong UncommittedBytes { get; set; }

    /// <summary>Ticks since the last word from a leader, or since the last quorum check of this one.</summary>
    public int ElectionElapsed { get; set; }

    /// <summary>Ticks since the last heartbeat of this leader.</summary>
    public int HeartbeatElapsed { get; set; }

    /// <summary>Ticks that this node waits for a leader; drawn anew with each change of role or term.</summary>
    public int RandomizedElectionTicks { get; set; }

    /// <summary>Ticks since this node was started.</summary>
    public ulong Ticks { get; private set; }

    /// <summary>Whether the storage's snapshot is too old for a member that needs one.</summary>
    public bool NeedsNewerSnapshot { get; set; }

    /// <summary>Whether this leader told somebody to campaign, which voids any lease for the rest of the term.</summary>
    public bool IsLeaseVoid { get; set; }

    /// <summary>Whether the group sleeps: nothing is under way, and ticks do nothing until somebody says something.</summary>
    public bool IsQuiescent { get; set; }

    /// <summary>The latest heartbeat round of this term's leader that this follower has heard of.</summary>
    public ulong HeardRound { get; set; }

    /// <summary>Whether this node's storage was given entries an election timeout ago or longer, and has made nothing durable since.</summary>
    public bool IsStorageStalled => Config.StepDownOnStalledStorage && _stalledTicks >= Config.ElectionTicks;

    /// <summary>Whether entries that this node may have acknowledged are still missing.</summary>
    public bool IsRepairing => Config.LostUpTo > Log.LastIndex;

    public HardState HardState => new(Term, Vote, Log.Committed);

    public SoftState SoftState => new(Leader, Role);

    /// <summary>Whether this node could lead: a full voter whose state is complete.</summary>
    public bool IsPromotable =>
        Tracker.Find(Id) is { IsLearner: false, IsWitness: false } && Log.Unstable.Snapshot is null && !IsRepairing && !IsStorageStalled;

    /// <summary>Whether this node heard of its leader so recently that it refuses to help another (section 4.2.3).</summary>
    public bool IsInLease => Config.CheckQuorum && Leader != NodeId.None && ElectionElapsed < Config.ElectionTicks;

    /// <summary>
    /// Whether this node may still be bound by a lease it forgot when it was restarted; leases are only sound if a
    /// restarted voter sits out one election timeout.
    /// </summary>
    public bool MayHaveForgottenLease => Config.ReadMode == ReadMode.LeaseBased && Ticks < (ulong)Config.ElectionTicks && Term > Term.Zero;

    private int TicksIntoHeartbeat => Config.AlignHeartbeats ? (int)(Ticks % (ulong)Config.HeartbeatTicks) : 0;

    /// <summary>Counts a tick, also against the storage if it is busy.</summary>
    public void CountTick()
    {
        Ticks++;
        var unstable = Log.Unstable;
        var isWaiting = unstable.InProgress > unstable.Offset && unstable.Offset == _durableAtLastTick;
        _stalledTicks = isWaiting ? _stalledTicks + 1 : 0;
        _durableAtLastTick = unstable.Offset;
    }

    /// <summary>Any role: follow <paramref name="leader"/>, or nobody yet, in <paramref name="term"/>.</summary>
    public void BecomeFollower(Term term, NodeId leader)
    {
        Invariant.Check(term >= Term);
        Reset(term);
        (Leader, Role) = (leader, Role.Follower);
    }

    /// <summary>Not from leader: stand for election in a new term, voting for oneself.</summary>
    public void BecomeCandidate()
    {
        Invariant.Check(Role != Role.Leader);
        Reset(Term.Next);
        (Vote, Role) = (Id, Role.Candidate);
    }

    /// <summary>Not from leader: ask around. Term and vote stay as they are.</summary>
    public void BecomePreCandidate()
    {
        Invariant.Check(Role != Role.Leader);
        Tracker.ResetVotes();
        (Leader, Role) = (NodeId.None, Role.PreCandidate);
    }

    /// <summary>From candidate: lead the term, beginning with an empty entry that commits those of earlier terms.</summary>
    public void BecomeLeader()
    {
        Invariant.Check(Role == Role.Candidate);
        Reset(Term);
        (Leader, Role) = (Id, Role.Leader);
        var self = Tracker.Find(Id);
        Invariant.Check(self is { IsLearner: false, IsWitness: false });
        self.BecomeReplicate();
        self.RecentActive = true;
        // There may be a configuration change among the entries that are not applied; looking would cost more than waiting.
        PendingConfIndex = Log.LastIndex;
        Invariant.Check(Proposals.Append(this, Proposals.Nothing));
    }

    /// <summary>Follower: this is the current term's leader.</summary>
    public void Follow(NodeId leader)
    {
        Invariant.Check(Role == Role.Follower);
        ElectionElapsed = 0;
        Leader = leader;
    }

    /// <summary>Leader: starts the checks of the others' activity and the heartbeats over.</summary>
    public void RestartChecks()
    {
        (ElectionElapsed, HeartbeatElapsed) = (0, TicksIntoHeartbeat);
        foreach (var member in Tracker.Members)
        {
            member.RecentActive = true;
        }
    }

    /// <summary>Follower: campaign without waiting for the leader to be gone, and let others have one's vote.</summary>
    public void ForgetLeader()
    {
        Invariant.Check(Role == Role.Follower);
        Leader = NodeId.None;
    }

    /// <summary>Votes for a candidate of this term.</summary>
    public void CastVote(NodeId candidate)
    {
        Invariant.Check(Vote == NodeId.None || Vote == candidate);
        ElectionElapsed = 0;
        Vote = candidate;
    }

    /// <summary>A message to another node, or to this one once everything so far is durable, to be filled in at once.</summary>
    public ref Message Send(MessageType type, NodeId to)
    {
        // Votes and acknowledgements promise something that has to survive a crash, so they wait until it does.
        var promises = type is MessageType.MsgAppResp or MessageType.MsgVoteResp or MessageType.MsgPreVoteResp;
        Invariant.Check(promises || to != Id);
        ref var message = ref promises ? ref Outbox.AddAfterAppend() : ref Outbox.AddNow();
        message.Type = type;
        message.To = to;
        message.From = Id;
        // What is forwarded counts as the leader's own, whatever its term.
        message.Term = type is MessageType.MsgProp or MessageType.MsgReadIndex ? Term.Zero : Term;
        return ref message;
    }

    /// <summary>Hands over what is waiting and goes on with emptied containers.</summary>
    public (Outbox Outbox, List<ReadState> ReadStates) Swap(Outbox outbox, List<ReadState> readStates)
    {
        var full = (Outbox, ReadStates);
        (Outbox, ReadStates) = (outbox, readStates);
        Reads.Sent();
        return full;
    }

    private void Reset(Term term)
    {
        if (Term != term)
        {
            (Term, Vote) = (term, NodeId.None);
        }

        Leader = NodeId.None;
        (ElectionElapsed, HeartbeatElapsed) = (0, TicksIntoHeartbeat);
        RandomizedElectionTicks = Config.ElectionTicks + (int)_random.Below((ulong)Config.ElectionTicks);
        Transferee = NodeId.None;
        foreach (var member in Tracker.Members)
        {
            member.Reset(member.Id == Id ? Log.LastIndex : LogIndex.Zero, Log.LastIndex.Next);
        }

        PendingConfIndex = LogIndex.Zero;
        UncommittedBytes = 0;
        (IsQuiescent, NeedsNewerSnapshot, HeardRound) = (false, false, 0);
        IsLeaseVoid = false;
        Reads.Reset();
    }
}
