using Wetware.Fuzz.Raft;

namespace Wetware.Fuzz.Mutants;

/// <summary>All mutants: bugs that other systems had, or that this one had. What kills each is in docs/mutants.md.</summary>
internal static class Catalogue
{
    public static readonly Mutant[] All =
    [
        // The core.
        new(
            "commit-of-prior-term",
            "Raft/Consensus/RaftLog.cs",
            "if (index <= Committed || !Matches(index, term))",
            "if (index <= Committed)"),
        new(
            "minority-commits",
            "Raft/Quorums/QuorumMath.cs",
            "return values[values.Length - ((values.Length / 2) + 1)];",
            "return values[values.Length - Math.Max(1, values.Length / 2)];"),
        new(
            "one-half-of-joint-commits",
            "Raft/Tracking/ProgressTracker.cs",
            "return new(Math.Min(QuorumMath.Reached(incoming[..i]), QuorumMath.Reached(outgoing[..o])));",
            "return new(QuorumMath.Reached(incoming[..i]));"),
        new(
            "two-votes-a-term",
            "Raft/Consensus/Elections.cs",
            "var mayVote = core.Vote == message.From",
            "var mayVote = core.Vote != core.Id"),
        new(
            "vote-for-shorter-log",
            "Raft/Consensus/Elections.cs",
            "if (!mayVote || core.IsRepairing || !core.Log.IsUpToDate(message.Index, message.LogTerm))",
            "if (!mayVote || core.IsRepairing)"),
        new(
            "removed-candidate-leads",
            "Raft/Consensus/Elections.cs",
            "case VoteResult.Won when core.Tracker.Find(core.Id) is not { IsLearner: false, IsWitness: false }:",
            "case VoteResult.Won when core.Id == NodeId.None:",
            World.Removals),
        new(
            "leads-before-own-vote",
            "Raft/Consensus/Elections.cs",
            "case VoteResult.Won when core.Tracker.Find(core.Id)!.Vote is null:",
            "case VoteResult.Won when core.Id == NodeId.None:",
            World.Power),
        new(
            "append-after-unknown-entry",
            "Raft/Consensus/RaftLog.cs",
            "if (!Matches(prev, prevTerm))",
            "if (prev > LastIndex)"),
        new(
            "heartbeat-commits-too-much",
            "Raft/Consensus/Replication.cs",
            "var commit = member.Match < core.Log.Committed ? member.Match : core.Log.Committed;",
            "var commit = core.Log.Committed;"),
        new(
            "stale-read",
            "Raft/Consensus/Reading.cs",
            "if (core.Tracker.IsSingleton || HasLease(core))",
            "if (core.Role == Role.Leader)"),
        new(
            "repairing-node-votes",
            "Raft/Consensus/Elections.cs",
            "if (!mayVote || core.IsRepairing || !core.Log.IsUpToDate(message.Index, message.LogTerm))",
            "if (!mayVote || !core.Log.IsUpToDate(message.Index, message.LogTerm))"),
        new(
            "reads-before-first-commit",
            "Raft/Consensus/Reading.cs",
            "if (!core.Log.Matches(core.Log.Committed, core.Term))",
            "if (core.Term == Term.Zero)"),
        new(
            "read-round-used-twice",
            "Raft/Consensus/ReadIndexes.cs",
            "        Round++;\n",
            "        Round = Math.Max(Round, 1);\n"),
        new(
            "durable-whatever-its-term",
            "Raft/Consensus/UnstableLog.cs",
            "if (index < Offset || !TryTerm(index, out var here) || here != term)",
            "if (index < Offset || !TryTerm(index, out _))",
            World.SlowDisks),
        new(
            "witness-sent-too-much",
            "Raft/Consensus/Replication.cs",
            "var last = member.IsWitness ? log.DurableIndex : log.LastIndex;",
            "var last = log.LastIndex;",
            World.Witness),
        new(
            "sleeper-not-woken",
            "Raft/Consensus/Quiescence.cs",
            "or MessageType.MsgHeartbeatResp => false,",
            "or MessageType.MsgHeartbeatResp or MessageType.MsgUnreachable => false,",
            World.Asleep),
        // The log.
        new(
            "no-sync",
            "Raft/Log/LogTail.cs",
            "batch.Segment.File.WriteDurably(_flushing[batch], batch.FileStart);",
            "batch.Segment.File.WriteAt(_flushing[batch], batch.FileStart);"),
        new(
            "failed-sync-ignored",
            "Raft/Log/LogTail.cs",
            "                batch.Segment.File.WriteDurably(_flushing[batch], batch.FileStart);\n            }\n        }\n        catch (Exception failure) when (failure is IOException or LogException)\n        {\n            throw health.Fail(failure);\n        }",
            "                batch.Segment.File.WriteDurably(_flushing[batch], batch.FileStart);\n            }\n        }\n        catch (IOException)\n        {\n        }"),
        new(
            "vote-forgotten-by-restart",
            "Raft/Log/GroupLog.cs",
            "HardState = new(header.Term, new(header.Extra), header.Index);",
            "HardState = new(header.Term, NodeId.None, header.Index);"),
        new(
            "last-batch-not-said-again",
            "Raft/Log/WriteAheadLog.cs",
            "while (records.Length >= RecordHeader.Bytes)",
            "while (records.Length > int.MaxValue - 1)"),
        new(
            "segments-freed-without-slots",
            "Raft/Log/WriteAheadLog.cs",
            "            Checkpoint(free);\n",
            ""),
        new(
            "snapshot-name-not-synced",
            "Raft/Log/SnapshotWriter.cs",
            "        _files.SyncFolder();\n        IsComplete = true;",
            "        IsComplete = true;"),
        new(
            "two-writers-of-a-snapshot",
            "Raft/Log/SnapshotStore.cs",
            "if (at >= 0 && _stored[at].Writer is { IsOpen: true })",
            "if (at >= _stored.Count)",
            World.Transfers),
        new(
            "truncation-forgotten-by-restart",
            "Raft/Log/GroupLog.cs",
            "if (header.Flags != RecordFlags.Restates)",
            "if (header.Flags != RecordFlags.Restates && header.Index <= _entries.Offset)"),
        new(
            "damaged-record-trusted",
            "Raft/Log/Format/SegmentScanner.cs",
            "\n        && RecordHeader.IsIntact(_segment.Slice(at, RecordHeader.Bytes + header.Length), _salt);",
            ";",
            World.Rot),
        new(
            "torn-tail-kept",
            "Raft/Log/Format/SegmentScanner.cs",
            "if (!isVouchedFor && IsTorn(frame, copies))",
            "if (!isVouchedFor && frame.Count < 0 && IsTorn(frame, copies))"),
        // The host.
        new(
            "ack-before-sync",
            "Host/Consensus/RaftGroup.cs",
            "            Apply(ready);\n            if (ready.NeedsAppend)",
            "            Apply(ready);\n            foreach (ref readonly var early in ready.AfterAppend)\n            {\n                if (early.To != _node.Id)\n                {\n                    _links.Send(Id, early);\n                }\n            }\n\n            if (ready.NeedsAppend)"),
        new(
            "damaged-node-votes",
            "Host/Consensus/ConsensusStore.cs",
            "LostUpTo = stored.HasUnknown ? stored.StoredLast : LogIndex.Zero,",
            "LostUpTo = LogIndex.Zero,"),
        new(
            "unknown-vote-ignored",
            "Host/Consensus/ConsensusStore.cs",
            "if (group.IsHardStateUnknown || group.IsTailUncertain || isNameless)",
            "if (folder.Length == 0)"),
        new(
            "snapshot-before-commit-index",
            "Host/Consensus/ConsensusStore.cs",
            "&& latest.Index > group.HardState.Commit &&",
            "&& latest.Index == LogIndex.Zero &&"),
        new(
            "commit-index-before-entries",
            "Host/Consensus/LogWriter.cs",
            "group.SetHardState(state.Commit > group.StoredLast ? state with { Commit = group.HardState.Commit } : state);",
            "group.SetHardState(state);",
            World.Rot),
        new(
            "timeout-called-dropped",
            "Host/Consensus/PendingProposals.cs",
            "proposal.Complete(Outcome.Unknown(\"it was not committed in time\"));",
            "proposal.Complete(Outcome.Dropped(\"it was not committed in time\"));"),
        new(
            "snapshot-of-wrong-index",
            "Host/Consensus/GroupSnapshots.cs",
            "new SnapshotMetadata(applied, term, node.ConfState)",
            "new SnapshotMetadata(applied.Previous, term, node.ConfState)"),
        new(
            "compacts-past-snapshot",
            "Host/Consensus/LogWriter.cs",
            "log.Compact(keepFrom.Previous);",
            "log.Compact(log.LastIndex);"),
        new(
            "installed-snapshot-not-loaded",
            "Host/Consensus/GroupSnapshots.cs",
            "        Load(snapshot, state);\n        Log",
            "        Log"),
        new(
            "reads-before-applied",
            "Host/Consensus/PendingReads.cs",
            "if (read.Index != LogIndex.Zero && read.Index <= applied)",
            "if (read.Index != LogIndex.Zero)"),
        new(
            "read-numbers-start-over",
            "Host/Consensus/PendingReads.cs",
            "private ulong _number = from;",
            "private ulong _number = Math.Min(from, 0);",
            World.Witness),
        new(
            "outcome-by-index-alone",
            "Host/Consensus/PendingProposals.cs",
            "if (first.Index == index && first.Header == header)",
            "if (first.Index == index)"),
        // The sessions.
        new(
            "session-replies-lost-in-snapshot",
            "Queue/QueueSnapshot.cs",
            "            writer.UInt64(session.LastUsed);\n            for (var place = 0; place < QueueLimits.SessionWindow; place++)\n            {\n                writer.UInt64(session.Sequences[place]);\n                writer.Bytes(sessions.Reply(session, place));",
            "            writer.UInt64(session.LastUsed);\n            for (var place = 0; place < QueueLimits.SessionWindow; place++)\n            {\n                writer.UInt64(0);\n                writer.Bytes(default);"),
        new(
            "retry-counts-twice",
            "Queue/CommandHandler.cs",
            "if (session.Sequences[place] == command.Sequence)",
            "if (session.Sequences[place] == ulong.MaxValue)"),
    ];
}
