using Wetware.Core;
using Wetware.Raft.Tracking;

namespace Wetware.Raft.Consensus;

/// <summary>What a leader sends to its followers.</summary>
internal static class Replication
{
    /// <summary>Sends to every follower what it lacks, or at least the commit index.</summary>
    public static void BroadcastAppend(RaftCore core)
    {
        foreach (var member in core.Tracker.Members)
        {
            if (member.Id != core.Id)
            {
                MaybeSendAppend(core, member, sendIfEmpty: true);
            }
        }
    }

    /// <summary>Sends entries only to those followers that lack some.</summary>
    public static void BroadcastMissing(RaftCore core)
    {
        foreach (var member in core.Tracker.Members)
        {
            if (member.Id != core.Id)
            {
                MaybeSendAppend(core, member, sendIfEmpty: false);
            }
        }
    }

    /// <summary>Starts a heartbeat round.</summary>
    public static void BroadcastHeartbeat(RaftCore core)
    {
        var round = core.Reads.StartRound(core.Ticks);
        foreach (var member in core.Tracker.Members)
        {
            if (member.Id == core.Id)
            {
                member.AckRound(round);
                continue;
            }

            // Never beyond what the follower is known to hold: past it, its log may still be another one.
            var commit = member.Match < core.Log.Committed ? member.Match : core.Log.Committed;
            ref var message = ref core.Send(MessageType.MsgHeartbeat, member.Id);
            message.Commit = commit;
            message.Context = round;
            member.SentCommitIndex(commit);
        }
    }

    /// <summary>Sends to the witnesses what this leader has just made durable.</summary>
    public static void FeedWitnesses(RaftCore core)
    {
        foreach (var member in core.Tracker.Members)
        {
            if (member.IsWitness)
            {
                MaybeSendAppend(core, member, sendIfEmpty: false);
            }
        }
    }

    /// <summary>
    /// Sends the next entries to a follower unless its flow control forbids it. Without entries, a message is sent only
    /// if asked for; then it carries the commit index. True if something was sent.
    /// </summary>
    public static bool MaybeSendAppend(RaftCore core, Progress member, bool sendIfEmpty)
    {
        if (member.IsPaused)
        {
            return false;
        }

        var log = core.Log;
        var previous = member.Next.Previous;
        if (!log.TryTerm(previous, out var previousTerm))
        {
            return MaybeSendSnapshot(core, member);
        }

        var batch = default(SharedEntries);
        // With all its appends under way, a follower still gets empty ones now and then: if the others were lost, the
        // answer says so.
        var mayCarryEntries = member.State != ProgressState.Replicate || !member.Inflights.IsFull;
        // A witness holding what no full voter has on disk could outvote them all for good, and lead nobody.
        var last = member.IsWitness ? log.DurableIndex : log.LastIndex;
        if (mayCarryEntries && member.Next <= last && !TryRead(core, member, last, out batch))
        {
            return MaybeSendSnapshot(core, member);
        }

        if (batch.Entries.IsEmpty && !sendIfEmpty)
        {
            return false;
        }

        ref var message = ref core.Send(MessageType.MsgApp, member.Id);
        message.Index = previous;
        message.LogTerm = previousTerm;
        message.Entries = batch.Entries;
        message.Commit = log.Committed;
        member.SentEntries(batch.Entries.Length, batch.PayloadBytes);
        member.SentCommitIndex(log.Committed);
        return true;
    }

    /// <summary>Tells a follower to campaign at once.</summary>
    public static void SendTimeoutNow(RaftCore core, NodeId to)
    {
        core.IsLeaseVoid = true;
        core.Send(MessageType.MsgTimeoutNow, to);
    }

    private static bool TryRead(RaftCore core, Progress member, LogIndex last, out SharedEntries batch)
    {
        var (log, outbox) = (core.Log, core.Outbox);
        var wanted = new SharedEntries(member.Next, log.LastIndex, log.Version, core.Config.MessageBytesMax, default, 0);
        if (!member.IsWitness && outbox.TryShare(wanted, out batch))
        {
            return true;
        }

        var start = outbox.Entries.Count;
        if (!log.TryRead(member.Next, last.Next, core.Config.MessageBytesMax, outbox.Entries))
        {
            batch = default;
            return false;
        }

        if (member.IsWitness)
        {
            // It follows the configuration, so it is told of changes; commands mean nothing to it.
            outbox.Entries.DropCommands(start);
        }

        var entries = outbox.Entries.Range(start, outbox.Entries.Count - start);
        ulong bytes = 0;
        foreach (ref readonly var entry in entries.Span)
        {
            bytes += (ulong)entry.Data.Length;
        }

        batch = wanted with { Entries = entries, PayloadBytes = bytes };
        if (!member.IsWitness)
        {
            outbox.Share(batch);
        }

        return true;
    }

    private static bool MaybeSendSnapshot(RaftCore core, Progress member)
    {
        // One that does not answer would not answer to the most expensive message either.
        if (!member.RecentActive || core.Log.Snapshot() is not { } snapshot)
        {
            return false;
        }

        if (!snapshot.Metadata.ConfState.Contains(member.Id))
        {
            // It would be no use to somebody who is not in it.
            core.NeedsNewerSnapshot = true;
            return false;
        }

        core.NeedsNewerSnapshot = false;
        member.BecomeSnapshot(snapshot.Metadata.Index);
        core.Send(MessageType.MsgSnap, member.Id).Snapshot = member.IsWitness ? new(snapshot.Metadata, default) : snapshot;
        return true;
    }
}
