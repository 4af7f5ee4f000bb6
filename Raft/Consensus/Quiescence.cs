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
                    message.Context = Message.Quiesce;
                }
            }

            core.IsQuiescent = true;
        }

        return true;
    }

    /// <summary>Follower: sleeps if it has everything the leader has.</summary>
    public static void Accept(RaftCore core, LogIndex leaderLast) =>
        core.IsQuiescent = core.Log.LastIndex == leaderLast && core.Log.Committed == leaderLast;

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
