using Wetware.Core;

namespace Wetware.Raft;

/// <summary>What a node is started with. Times are in ticks, whose length the host chooses.</summary>
public sealed record RaftConfig
{
    /// <summary>This member. Never zero nor one of <see cref="LocalNodes"/>.</summary>
    public required NodeId Id { get; init; }

    /// <summary>Where the log is read.</summary>
    public required IRaftStorage Storage { get; init; }

    /// <summary>Start of this node's random numbers, which spread election timeouts; the same seed and inputs give the same outputs.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Ticks without word from a leader before an election; each node waits this to twice this, less one. More than <see cref="HeartbeatTicks"/>.</summary>
    public int ElectionTicks { get; init; } = 10;

    /// <summary>Ticks between the leader's heartbeats. At least 1.</summary>
    public int HeartbeatTicks { get; init; } = 1;

    /// <summary>
    /// Whether a leader's heartbeats are due at every <see cref="HeartbeatTicks"/>th tick since the node was started, rather than since it became leader:
    /// groups of one host that are ticked together then send theirs together.
    /// </summary>
    public bool AlignHeartbeats { get; init; }

    /// <summary>The last index whose effects the state machine already has; zero if it starts from the storage's snapshot.</summary>
    public LogIndex Applied { get; init; }

    /// <summary>Whether the host persists and applies in the background (see <see cref="Raft.Ready"/>) instead of calling <see cref="RawNode.Advance"/>.</summary>
    public bool AsyncStorageWrites { get; init; }

    /// <summary>Bytes of entries in one message; 0: one entry.</summary>
    public ulong MessageBytesMax { get; init; } = Limits.MessageBytesDefault;

    /// <summary>Bytes of entries given to be applied and not acknowledged yet; 0: as <see cref="MessageBytesMax"/>.</summary>
    public ulong ApplyingBytesMax { get; init; }

    /// <summary>Payload bytes of uncommitted entries above which a leader drops proposals; 0: no limit.</summary>
    public ulong UncommittedBytesMax { get; init; } = Limits.UncommittedBytesDefault;

    /// <summary>Appends in flight to one follower.</summary>
    public int InflightMessagesMax { get; init; } = Limits.InflightMessagesDefault;

    /// <summary>Payload bytes in flight to one follower; at least <see cref="MessageBytesMax"/>. 0: no limit.</summary>
    public ulong InflightBytesMax { get; init; } = Limits.InflightBytesDefault;

    /// <summary>Whether a leader steps down that has not heard of a quorum for an election timeout, and voters ignore candidates while they hear of a leader (section 6.2 and 4.2.3).</summary>
    public bool CheckQuorum { get; init; } = true;

    /// <summary>Whether a node asks if it could win before it disturbs anybody by a new term (section 9.6).</summary>
    public bool PreVote { get; init; } = true;

    /// <summary>How reads are made safe. <see cref="ReadMode.LeaseBased"/> needs <see cref="CheckQuorum"/>.</summary>
    public ReadMode ReadMode { get; init; } = ReadMode.Safe;

    /// <summary>Ticks by which two members' clocks may drift apart within an election timeout, for leases; less than <see cref="ElectionTicks"/>.</summary>
    public int LeaseDriftTicks { get; init; } = 1;

    /// <summary>Whether a follower passes proposals on to the leader; otherwise it drops them.</summary>
    public bool ForwardProposals { get; init; } = true;

    /// <summary>Whether a leader replaces configuration changes that cannot work by empty entries. Off only where something above serializes and checks them; an impossible change is rejected at apply in any case.</summary>
    public bool ValidateConfChanges { get; init; } = true;

    /// <summary>Whether a leader steps down when it is removed or becomes a learner.</summary>
    public bool StepDownOnRemoval { get; init; } = true;

    /// <summary>
    /// Whether a leader steps down, and nobody campaigns, whose own storage has made nothing durable for an election timeout
    /// though it was asked to; otherwise a hung disk could keep a leader in office. Needs <see cref="CheckQuorum"/>.
    /// </summary>
    public bool StepDownOnStalledStorage { get; init; } = true;

    /// <summary>
    /// The highest index that this node may have acknowledged and whose entry its storage has lost, by corruption say;
    /// zero if none. Until its log reaches there again, the node gives no votes and does not campaign, because it could
    /// help somebody to win who lacks what it had promised to keep; and it asks the leader to send again what is lost.
    /// </summary>
    public LogIndex LostUpTo { get; init; }

    /// <summary>Checks that the values go together.</summary>
    /// <exception cref="RaftConfigException">They do not; says which.</exception>
    public void Validate()
    {
        Require(Storage is not null, "Storage must be given");
        Require(Id != NodeId.None && !LocalNodes.Contains(Id), "Id is reserved");
        Require(HeartbeatTicks >= 1, "HeartbeatTicks must be at least 1");
        Require(ElectionTicks > HeartbeatTicks, "ElectionTicks must be greater than HeartbeatTicks");
        Require(InflightMessagesMax >= 1, "InflightMessagesMax must be at least 1");
        Require(InflightBytesMax == 0 || InflightBytesMax >= MessageBytesMax, "InflightBytesMax must be at least MessageBytesMax");
        Require(ReadMode != ReadMode.LeaseBased || CheckQuorum, "leases need CheckQuorum");
        Require(LeaseDriftTicks >= 0 && LeaseDriftTicks < ElectionTicks, "LeaseDriftTicks must be less than ElectionTicks");
    }

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new RaftConfigException(otherwise);
        }
    }
}
