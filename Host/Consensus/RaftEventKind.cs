namespace Wetware.Host.Consensus;

/// <summary>What a <see cref="RaftEvent"/> is.</summary>
internal enum RaftEventKind
{
    /// <summary>An <see cref="Envelope"/> with a message from another member.</summary>
    Message,

    /// <summary>A <see cref="Consensus.Proposal"/> made on this node.</summary>
    Proposal,

    /// <summary>A <see cref="LinearRead"/> asked for on this node.</summary>
    Read,

    /// <summary>A <see cref="MemberInfo"/> that wants to be a member.</summary>
    Join,

    /// <summary>The log's flush has ended. Of no group.</summary>
    Flushed,

    /// <summary>A batch of messages to a member has arrived, or is lost. Of no group.</summary>
    Carried,

    /// <summary>Messages to a member were lost.</summary>
    Unreachable,

    /// <summary>Sending a snapshot to a member has ended.</summary>
    SnapshotSent,

    /// <summary>An <see cref="System.Action"/> to run on the loop.</summary>
    Call,
}
