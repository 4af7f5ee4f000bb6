namespace Wetware.Raft;

/// <summary>
/// What a <see cref="Message"/> asks or answers. Names and numbers are those of etcd/raft 3.6, so that transcripts of
/// both compare.
/// </summary>
public enum MessageType : byte
{
    /// <summary>Local: campaign.</summary>
    MsgHup = 0,

    /// <summary>Local: send heartbeats.</summary>
    MsgBeat = 1,

    /// <summary>Append the entries of a batch; forwarded by followers to the leader if allowed.</summary>
    MsgProp = 2,

    /// <summary>Leader to follower: entries that follow (LogTerm, Index), and the commit index.</summary>
    MsgApp = 3,

    /// <summary>Follower to leader: stored up to Index, or rejected with a hint.</summary>
    MsgAppResp = 4,

    /// <summary>Candidate to voter: asks for a vote.</summary>
    MsgVote = 5,

    /// <summary>Voter to candidate.</summary>
    MsgVoteResp = 6,

    /// <summary>Leader to follower: install this snapshot.</summary>
    MsgSnap = 7,

    /// <summary>Leader to follower: still here; carries the read counter.</summary>
    MsgHeartbeat = 8,

    /// <summary>Follower to leader: echoes the read counter.</summary>
    MsgHeartbeatResp = 9,

    /// <summary>Local: a message to From was lost.</summary>
    MsgUnreachable = 10,

    /// <summary>Local: how sending a snapshot to From ended.</summary>
    MsgSnapStatus = 11,

    /// <summary>Local: the leader checks whether a quorum was heard of lately.</summary>
    MsgCheckQuorum = 12,

    /// <summary>Make From the leader.</summary>
    MsgTransferLeader = 13,

    /// <summary>Leader to follower: campaign at once.</summary>
    MsgTimeoutNow = 14,

    /// <summary>Asks for a read index; forwarded by followers to the leader.</summary>
    MsgReadIndex = 15,

    /// <summary>Leader to the follower that forwarded a MsgReadIndex.</summary>
    MsgReadIndexResp = 16,

    /// <summary>Pre-candidate to voter: would I get your vote?</summary>
    MsgPreVote = 17,

    /// <summary>Voter to pre-candidate.</summary>
    MsgPreVoteResp = 18,

    /// <summary>Local: persist; see <see cref="Ready"/>.</summary>
    MsgStorageAppend = 19,

    /// <summary>Local: everything up to (LogTerm, Index) is durable as of Term.</summary>
    MsgStorageAppendResp = 20,

    /// <summary>Local: apply; see <see cref="Ready"/>.</summary>
    MsgStorageApply = 21,

    /// <summary>Local: the entries are applied.</summary>
    MsgStorageApplyResp = 22,

    /// <summary>Local: stop following the current leader.</summary>
    MsgForgetLeader = 23,
}
