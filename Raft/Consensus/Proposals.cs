using Wetware.Core;

namespace Wetware.Raft.Consensus;

/// <summary>How a leader takes entries into its log.</summary>
internal static class Proposals
{
    /// <summary>The empty entry with which a leader begins its term.</summary>
    public static readonly Entry[] Nothing = [default];

    private static readonly Entry[] LeaveJoint = [new(default, default, EntryType.ConfChangeV2, default)];

    /// <summary>Appends a batch and sends it to everybody, or drops all of it.</summary>
    public static StepResult Propose(RaftCore core, ReadOnlyMemory<Entry> entries)
    {
        if (entries.IsEmpty)
        {
            return StepResult.Malformed;
        }

        // A leader that was removed goes on until it is told otherwise, but takes nothing new.
        if (core.Tracker.Find(core.Id) is null || core.Transferee != NodeId.None)
        {
            return StepResult.ProposalDropped;
        }

        if (!Append(core, WithoutBadChanges(core, entries.Span)))
        {
            return StepResult.ProposalDropped;
        }

        Replication.BroadcastAppend(core);
        return StepResult.Ok;
    }

    /// <summary>Appends entries in this leader's term; false if too much is uncommitted already.</summary>
    public static bool Append(RaftCore core, ReadOnlySpan<Entry> entries)
    {
        ulong bytes = 0;
        foreach (ref readonly var entry in entries)
        {
            bytes += (ulong)entry.Data.Length;
        }

        // One proposal of any size goes when nothing else is under way, and empty entries always go.
        var bytesMax = core.Config.UncommittedBytesMax;
        if (bytesMax > 0 && bytes > 0 && core.UncommittedBytes > 0 && core.UncommittedBytes + bytes > bytesMax)
        {
            return false;
        }

        core.UncommittedBytes += bytes;
        core.Log.Append(entries, core.Term);
        // Comes back when the entries are durable here, and counts as this node's acknowledgement.
        core.Send(MessageType.MsgAppResp, core.Id).Index = core.Log.LastIndex;
        return true;
    }

    /// <summary>Proposes to leave the joint configuration once the entry that entered it is applied.</summary>
    public static void LeaveJointIfDue(RaftCore core)
    {
        if (core.Role == Role.Leader && core.Tracker.Config.AutoLeave && core.Apply.Applied >= core.PendingConfIndex)
        {
            // Dropped while leadership is transferred; then the next entry applied, or the next leader, tries again.
            _ = Propose(core, LeaveJoint);
        }
    }

    private static ReadOnlySpan<Entry> WithoutBadChanges(RaftCore core, ReadOnlySpan<Entry> entries)
    {
        foreach (ref readonly var entry in entries)
        {
            if (entry.IsConfChange)
            {
                return Checked(core, entries);
            }
        }

        return entries;
    }

    private static Entry[] Checked(RaftCore core, ReadOnlySpan<Entry> entries)
    {
        var result = entries.ToArray();
        for (var i = 0; i < result.Length; i++)
        {
            if (!result[i].IsConfChange)
            {
                continue;
            }

            if (!ConfChangeV2.TryDecode(result[i], out var change) || (core.Config.ValidateConfChanges && !IsPossible(core, change)))
            {
                result[i] = new(default, default, EntryType.Refused, default);
            }
            else
            {
                core.PendingConfIndex = core.Log.LastIndex + (ulong)i + 1;
            }
        }

        return result;
    }

    private static bool IsPossible(RaftCore core, ConfChangeV2 change)
    {
        var isLeaving = change.Changes.IsEmpty;
        return core.PendingConfIndex <= core.Apply.Applied && core.Tracker.Config.IsJoint == isLeaving;
    }
}
