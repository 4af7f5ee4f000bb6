namespace Wetware.Raft.Quorums;

/// <summary>Where a vote stands.</summary>
internal enum VoteResult : byte
{
    /// <summary>Those who have not answered decide.</summary>
    Pending = 1,

    /// <summary>No quorum can be reached any more.</summary>
    Lost = 2,

    /// <summary>A quorum has granted it.</summary>
    Won = 3,
}
