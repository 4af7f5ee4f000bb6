using Wetware.Core;
using Wetware.Raft.Tracking;

namespace Wetware.Raft.Consensus;

/// <summary>
/// How an idle group goes to sleep, so that thousands of groups cost nothing while nobody uses them. A follower that
/// misses the word times out, asks for a pre-vote, and thereby wakes the leader.
/// </summary>
internal static class Quiescence
{
    /// <summary>Leader: puts the group to sleep if nothing at all is under way. True if it sleeps.</summary>
    public static bool TryEnter(RaftCore core)
    {
        if (!core.IsQuiescent && !IsIdle(core))
        {
            return false;
        }

        if (!core.IsQuiescent)
        {
            foreach (var member in core.Tracker.Members)
            {
                if (member.Id != core.Id)
                {
                    ref var message = ref core.Send(MessageType.MsgHeartbeat, member.Id);
                    message.Commit = core.Log.Committed;
                    message.Context = Message.Quiesce | core.Reads.Round;
                }
            }

            core.IsQuiescent = true;
        }

        return true;
    }

    /// <summary>Follower: a heartbeat of its leader. It sleeps if it is told to, has everything the leader has, and has heard nothing later.</summary>
    /// <returns>Whether the leader waits for an answer.</returns>
    public static bool Hear(RaftCore core, in Message heartbeat)
    {
        var (round, isWord) = (heartbeat.Context & ~Message.Quiesce, (heartbeat.Context & Message.Quiesce) != 0);
        if (isWord && round >= core.HeardRound)
        {
            core.IsQuiescent = core.Log.LastIndex == heartbeat.Commit && core.Log.Committed == heartbeat.Commit;
        }

        core.HeardRound = Math.Max(core.HeardRound, round);
        return !isWord;
    }

    /// <summary>
    /// Whether a message ends sleep. Word from this node's own storage is about what is past, and so are answers to the heartbeats that went out just before
    /// sleep, and those heartbeats themselves, where the word to sleep has overtaken them.
    /// </summary>
    public static bool IsEndedBy(RaftCore core, in Message message) => message.Type switch
    {
        MessageType.MsgStorageAppendResp or MessageType.MsgStorageApplyResp or MessageType.MsgHeartbeatResp => false,
        MessageType.MsgHeartbeat => message.Term != core.Term || (message.Context & ~Message.Quiesce) > core.HeardRound,
        _ => true,
    };

    /// <summary>Ends sleep, and lets the others know if this is the leader.</summary>
    public static void Wake(RaftCore core)
    {
        if (!core.IsQuiescent)
        {
            return;
        }

        core.IsQuiescent = false;
        if (core.Role == Role.Leader)
        {
            core.RestartChecks();
            Replication.BroadcastHeartbeat(core);
        }
    }

    private static bool IsIdle(RaftCore core)
    {
        var last = core.Log.LastIndex;
        if (core.Role != Role.Leader || core.Transferee != NodeId.None || core.Tracker.Config.IsJoint || !core.Reads.IsIdle)
        {
            return false;
        }

        if (core.Log.Committed != last || core.Apply.Applied != last || core.Log.Unstable.Count > 0)
        {
            return false;
        }

        foreach (var member in core.Tracker.Members)
        {
            if (member.Match != last || member.State != ProgressState.Replicate || !(member.RecentActive || member.Id == core.Id))
            {
                return false;
            }
        }

        return true;
    }
}
