using Wetware.Core;
using Wetware.Raft.Tracking;

namespace Wetware.Raft.Consensus;

/// <summary>How a leader answers requests for a read index (Ongaro 2014, section 6.4).</summary>
internal static class Reading
{
    /// <summary>A request, from this node if <paramref name="from"/> is itself or nobody.</summary>
    public static void Request(RaftCore core, NodeId from, ulong context)
    {
        if (!core.Reads.HasRoom)
        {
            return;
        }

        // Before this leader has committed in its own term, it may not know all that is committed.
        if (!core.Log.Matches(core.Log.Committed, core.Term))
        {
            core.Reads.Postpone(from, context);
            return;
        }

        if (core.Tracker.IsSingleton || HasLease(core))
        {
            Answer(core, from, context, core.Log.Committed);
            return;
        }

        if (!core.Reads.IsRoundUnsent)
        {
            Replication.BroadcastHeartbeat(core);
        }

        core.Reads.Wait(from, context, core.Log.Committed);
    }

    /// <summary>Takes up the requests that came before the first commit of the term.</summary>
    public static void Resume(RaftCore core)
    {
        for (var count = core.Reads.Postponed; count > 0 && core.Reads.TryResume(out var from, out var context); count--)
        {
            Request(core, from, context);
        }
    }

    /// <summary>A member has answered a heartbeat round.</summary>
    public static void Acknowledge(RaftCore core, Progress member, ulong round)
    {
        if (round > core.Reads.Round)
        {
            return;
        }

        member.AckRound(round);
        if (core.Reads.IsWaiting)
        {
            Release(core);
        }
    }

    /// <summary>Answers what is confirmed by now.</summary>
    public static void Release(RaftCore core)
    {
        var confirmed = core.Tracker.AckedRound();
        while (core.Reads.TryRelease(confirmed, out var from, out var context, out var index))
        {
            Answer(core, from, context, index);
        }
    }

    /// <summary>
    /// Whether nobody else can have been elected yet. Voters that answered a round wait for an election timeout from then
    /// on. Counting in whole ticks can be off by one at either end, hence the two besides the drift.
    /// </summary>
    private static bool HasLease(RaftCore core)
    {
        if (core.Config.ReadMode != ReadMode.LeaseBased || core.IsLeaseVoid)
        {
            return false;
        }

        var confirmed = core.Tracker.AckedRound();
        return core.Reads.TrySentAt(confirmed, out var tick)
            && core.Ticks + (ulong)core.Config.LeaseDriftTicks + 2 <= tick + (ulong)core.Config.ElectionTicks;
    }

    private static void Answer(RaftCore core, NodeId from, ulong context, LogIndex index)
    {
        if (from == NodeId.None || from == core.Id)
        {
            core.ReadStates.Add(new(index, context));
            return;
        }

        ref var message = ref core.Send(MessageType.MsgReadIndexResp, from);
        message.Index = index;
        message.Context = context;
    }
}
