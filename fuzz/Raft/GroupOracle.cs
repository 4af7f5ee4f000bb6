using Wetware.Core;
using Wetware.Raft;
using Wetware.Raft.Log;

namespace Wetware.Fuzz.Raft;

/// <summary>
/// Sees everything that the members of one group do, and throws at the first thing that must never happen: two leaders
/// of a term, logs that agree at a place but not before it, a leader that lacks what is committed, two commands or two replies
/// at one index, two states after one index, a promise or a commit that a crash could take back, a read older than what was
/// visible when it was asked for.
/// </summary>
internal sealed class GroupOracle(int group, bool hasMembershipChanges)
{
    private readonly Dictionary<ulong, ulong> _leaders = [];
    private readonly Dictionary<(ulong Node, ulong Term), ulong> _votes = [];
    private readonly Dictionary<(ulong Index, ulong Term), (ulong Content, ulong PreviousTerm)> _entries = [];
    private readonly Dictionary<ulong, ulong> _applied = [];
    private readonly Dictionary<ulong, (ulong Command, ulong Reply)> _executed = [];
    private readonly Dictionary<ulong, ulong> _digests = [];
    private readonly SortedDictionary<ulong, ulong> _visibleInTerm = [];

    /// <summary>The highest index applied anywhere; a group starts from a snapshot at 1.</summary>
    public ulong Visible { get; private set; } = 1;

    public long Reads { get; private set; }

    public long Elections => _leaders.Count;

    public static ulong Content(ReadOnlySpan<byte> bytes)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in bytes)
        {
            hash = (hash ^ b) * 1099511628211UL;
        }

        return hash;
    }

    /// <summary>A member leads (election safety, leader completeness).</summary>
    public void Led(SimMember member)
    {
        var (term, id) = (member.Raft.HardState.Term.Value, member.Id.Value);
        if (!_leaders.TryAdd(term, id))
        {
            Require(_leaders[term] == id, $"term {term} has two leaders, {_leaders[term]} and {id}");
            return;
        }

        // Only what was committed in earlier terms: a late winner of an old term may lead it without ever doing harm.
        var committed = 1UL;
        foreach (var (earlier, visible) in _visibleInTerm)
        {
            committed = earlier < term ? Math.Max(committed, visible) : committed;
        }

        if (committed > 1 && member.Raft.Core.Log.FirstIndex.Value <= committed)
        {
            var has = member.TermAt(new(committed));
            Require(has.Value == _applied[committed], $"leader {id} of term {term} has term {has} at {committed}, where term {_applied[committed]} was applied");
        }
    }

    /// <summary>A member's message leaves it: one vote a term, and nothing acknowledged that a crash could take.</summary>
    public void Sent(SimMember member, in Message message)
    {
        if (message.Reject)
        {
            return;
        }

        if (message.Type == MessageType.MsgVoteResp)
        {
            var key = (message.From.Value, message.Term.Value);
            _votes.TryAdd(key, message.To.Value);
            Require(_votes[key] == message.To.Value, $"node {key.Item1} votes for {_votes[key]} and for {message.To} in term {key.Item2}");
            Require(!member.Stored.HasUnknown, $"node {member.Id} votes in term {message.Term} while entries that it acknowledged are missing");
            member.LastVote = (message.Term, message.To);
        }
        else if (message.Type == MessageType.MsgAppResp && message.Term == member.Raft.HardState.Term)
        {
            var isDurable = message.Index < member.Stored.FirstIndex || message.Index <= member.Stored.DurableIndex;
            Require(isDurable, $"node {member.Id} acknowledges {message.Index}, but only {member.Stored.DurableIndex} is on its disk");
        }
    }

    /// <summary>A member takes an entry into its log (log matching). A witness is not told what entries say.</summary>
    public void Appended(in Entry entry, Term previous, bool isWitness)
    {
        if (isWitness)
        {
            var isKnown = _entries.TryGetValue((entry.Index.Value, entry.Term.Value), out var known);
            Require(!isKnown || known.PreviousTerm == previous.Value, $"the witness has entry {entry.Index} of term {entry.Term} after another one than others have");
            return;
        }

        var (key, value) = ((entry.Index.Value, entry.Term.Value), (Content(entry.Data.Span) ^ (ulong)entry.Type, previous.Value));
        if (!_entries.TryAdd(key, value))
        {
            Require(_entries[key] == value, $"two different entries bear index {key.Item1} and term {key.Item2}, or follow different ones");
        }
    }

    /// <summary>A member has applied what stands at an index (state machine safety).</summary>
    public void Applied(NodeId id, Term current, LogIndex index, Term term)
    {
        if (!_applied.TryAdd(index.Value, term.Value))
        {
            Require(_applied[index.Value] == term.Value, $"node {id} applies the entry of term {term} at {index}, another node that of term {_applied[index.Value]}");
        }

        Require(index.Value <= Visible + 1, $"node {id} applies {index} before anybody applied {Visible + 1}");
        Visible = Math.Max(Visible, index.Value);
        _visibleInTerm[current.Value] = Math.Max(_visibleInTerm.GetValueOrDefault(current.Value), index.Value);
    }

    /// <summary>A state machine executes a command. True for the first one that does.</summary>
    public bool Executed(NodeId id, LogIndex index, ulong command, ulong reply)
    {
        if (_executed.TryAdd(index.Value, (command, reply)))
        {
            return true;
        }

        Require(_executed[index.Value] == (command, reply), $"node {id} executes another command at {index} than another node did, or replies otherwise");
        return false;
    }

    /// <summary>A member's state is that after an index: every member's is the same.</summary>
    public void Reached(NodeId id, LogIndex index, ulong digest)
    {
        if (!_digests.TryAdd(index.Value, digest))
        {
            Require(_digests[index.Value] == digest, $"the state of node {id} after {index} is not that of another node");
        }
    }

    /// <summary>
    /// A leader has raised its commit index: a quorum must hold the entry where no crash can take it. That it was raised and changes of
    /// members applied can fall into one turn, so that any of the configurations of that turn may be the one that counted.
    /// </summary>
    public void Committed(SimMember leader, IReadOnlyList<ConfState> configurations, SimMember[] all)
    {
        var index = leader.Raft.HardState.Commit;
        if (leader.IsReportedUnknown(index))
        {
            // It has just found that it cannot read the entry, and is about to stop: that there is one entry that a quorum holds is all that can be asked.
            Require(
                all.Where(member => member.Stored is not null).Select(member => member.StoredTermAt(index)).Distinct().Any(any => configurations.Any(config => IsHeld(config, index, any, all))),
                $"index {index} is committed by a leader that cannot read it, but no quorum holds one entry there durably");
            return;
        }

        var term = leader.TermAt(index);
        // Counting replicas commits entries of the own term only (Ongaro 2014, section 3.6.2). Who is not a voter any more may tell of others.
        Require(hasMembershipChanges || term == leader.Raft.HardState.Term, $"leader {leader.Id} of term {leader.Raft.HardState.Term} commits {index} of term {term}");
        Require(
            configurations.Any(config => IsHeld(config, index, term, all)),
            $"index {index} of term {term} is committed, but no quorum holds it durably, only nodes [{string.Join(' ', all.Where(member => member.HoldsDurably(index, term)).Select(member => member.Id))}]");
    }

    /// <summary>A member starts again: what was on its disk still is, or is reported as damaged.</summary>
    public void Recovered(SimMember member, GroupLog before, GroupLog now)
    {
        var (id, (term, vote)) = (member.Id, member.LastVote);
        Require(now.HardState.Term > term || now.HardState == now.HardState with { Term = term, Vote = vote }, $"node {id} voted for {vote} in term {term}, and finds {now.HardState} after a restart");
        for (var index = before.FirstIndex > now.FirstIndex ? before.FirstIndex : now.FirstIndex; index <= before.DurableIndex; index = index.Next)
        {
            Require(
                before.Term(index, out var was) != LogRead.Ok || (now.Term(index, out var found) == LogRead.Ok && was == found),
                $"node {id} had entry {index} of term {was} on its disk, and does not find it again");
        }
    }

    /// <summary>A member starts: it knows what it promised, and each entry follows the one that it was appended after (log matching).</summary>
    public void Started(NodeId id, GroupLog stored)
    {
        Require(!stored.IsHardStateUnknown && !stored.IsTailUncertain, $"node {id} starts without knowing what it promised");
        for (var index = stored.FirstIndex.Next; index <= stored.LastIndex; index = index.Next)
        {
            if (stored.Term(index, out var term) == LogRead.Ok && stored.Term(index.Previous, out var previous) == LogRead.Ok
                && _entries.TryGetValue((index.Value, term.Value), out var entry))
            {
                Require(entry.PreviousTerm == previous.Value, $"node {id} finds entry {index} of term {term} after one of term {previous}");
            }
        }
    }

    /// <summary>A read is answered.</summary>
    public void ReadAnswered(ulong number, LogIndex index, LogIndex applied, ulong visibleWhenAsked)
    {
        Reads++;
        Require(index.Value >= visibleWhenAsked, $"read {number} was answered with {index}, but {visibleWhenAsked} was visible when it was asked for");
        Require(applied >= index, $"read {number} was answered with the state after {applied}, which is before {index}");
    }

    public void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new SimulationFailure($"group {group + 1}: {otherwise}");
        }
    }

    private static bool IsHeld(ConfState config, LogIndex index, Term term, SimMember[] all) =>
        IsHeld(config.Voters, index, term, all) && (!config.IsJoint || IsHeld(config.VotersOutgoing, index, term, all));

    private static bool IsHeld(IReadOnlyCollection<NodeId> voters, LogIndex index, Term term, SimMember[] all) =>
        voters.Count(id => all[(int)id.Value - 1].HoldsDurably(index, term)) > voters.Count / 2;
}
