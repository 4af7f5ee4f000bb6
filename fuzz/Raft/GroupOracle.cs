using Wetware.Core;
using Wetware.Raft;

namespace Wetware.Fuzz.Raft;

/// <summary>
/// Sees everything that the replicas of one group do, and throws at the first thing that must never happen: two leaders
/// of a term, logs that agree at a place but not before it, a leader that lacks what is committed, two commands applied
/// at one index, a commit that a quorum could forget, a read older than what was visible when it was asked for.
/// </summary>
internal sealed class GroupOracle(ulong group)
{
    private readonly Dictionary<ulong, ulong> _leaders = [];
    private readonly Dictionary<(ulong Node, ulong Term), ulong> _votes = [];
    private readonly Dictionary<(ulong Index, ulong Term), (ulong Content, ulong PreviousTerm)> _entries = [];
    private readonly Dictionary<ulong, (ulong Term, ulong Content)> _applied = [];
    private readonly Dictionary<ulong, ulong> _reads = [];
    private readonly Dictionary<ulong, ulong> _visibleInTerm = [];

    /// <summary>The highest index applied anywhere; a group starts from a snapshot at 1.</summary>
    public ulong Visible { get; private set; } = 1;

    public long Reads { get; private set; }

    public long Elections => _leaders.Count;

    /// <summary>A replica leads (election safety, leader completeness).</summary>
    public void Led(SimReplica replica)
    {
        var (term, id) = (replica.Raft.HardState.Term.Value, replica.Id.Value);
        if (!_leaders.TryAdd(term, id))
        {
            Require(_leaders[term] == id, $"term {term} has two leaders, {_leaders[term]} and {id}");
            return;
        }

        // Only what was committed in earlier terms: a late winner of an old term may lead it without ever doing harm.
        var committed = _visibleInTerm.Where(pair => pair.Key < term).Select(pair => pair.Value).DefaultIfEmpty(1UL).Max();
        if (committed > 1 && replica.FirstReadable <= committed)
        {
            var has = replica.TermAt(new(committed));
            Require(has.Value == _applied[committed].Term, $"leader {id} of term {term} has term {has} at {committed}, where term {_applied[committed].Term} was applied");
        }
    }

    /// <summary>A replica's promise leaves it: it votes for one candidate in a term.</summary>
    public void Sent(in Message message)
    {
        if (message is { Type: MessageType.MsgVoteResp, Reject: false })
        {
            var key = (message.From.Value, message.Term.Value);
            _votes.TryAdd(key, message.To.Value);
            Require(_votes[key] == message.To.Value, $"node {key.Item1} votes for {_votes[key]} and for {message.To} in term {key.Item2}");
        }
    }

    /// <summary>A replica takes an entry into its log (log matching).</summary>
    public void Appended(in Entry entry, Term previous)
    {
        var (key, value) = ((entry.Index.Value, entry.Term.Value), (Content(entry), previous.Value));
        if (!_entries.TryAdd(key, value))
        {
            Require(_entries[key] == value, $"two different entries bear index {key.Item1} and term {key.Item2}, or follow different ones");
        }
    }

    /// <summary>A replica applies an entry (state machine safety).</summary>
    public void Applied(NodeId id, Term current, in Entry entry)
    {
        var (index, value) = (entry.Index.Value, (entry.Term.Value, Content(entry)));
        if (!_applied.TryAdd(index, value))
        {
            Require(_applied[index] == value, $"node {id} applies another entry at {index} than another node did");
        }

        Require(index <= Visible + 1, $"node {id} applies {index} before anybody applied {Visible + 1}");
        Visible = Math.Max(Visible, index);
        _visibleInTerm[current.Value] = Math.Max(_visibleInTerm.GetValueOrDefault(current.Value), index);
    }

    /// <summary>A leader has raised its commit index: a quorum must hold the entry where no crash can take it.</summary>
    public void Committed(SimReplica leader, IReadOnlyList<SimReplica> all)
    {
        var index = leader.Raft.HardState.Commit;
        var term = leader.TermAt(index);
        bool Holds(NodeId id) => all[(int)id.Value - 1].HoldsDurably(index, term);
        var config = leader.Raft.ConfState;
        RequireQuorum(config.Voters, Holds, index);
        if (config.IsJoint)
        {
            RequireQuorum(config.VotersOutgoing, Holds, index);
        }
    }

    /// <summary>A read is asked for: it must see what is visible now.</summary>
    public void ReadAsked(ulong context) => _reads[context] = Visible;

    /// <summary>A read is answered.</summary>
    public void ReadAnswered(ReadState read)
    {
        Reads++;
        Require(read.Index.Value >= _reads[read.Context], $"read {read.Context} was answered with {read.Index}, but {_reads[read.Context]} was visible when it was asked for");
    }

    public static ulong Content(in Entry entry)
    {
        var hash = 14695981039346656037UL ^ (ulong)entry.Type;
        foreach (var b in entry.Data.Span)
        {
            hash = (hash ^ b) * 1099511628211UL;
        }

        return hash;
    }

    public void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new SimulationFailure($"group {group}: {otherwise}");
        }
    }

    private void RequireQuorum(IReadOnlyCollection<NodeId> voters, Func<NodeId, bool> holds, LogIndex index)
    {
        var count = voters.Count(holds);
        Require(count > voters.Count / 2, $"index {index} is committed, but only {count} of {voters.Count} voters hold it durably");
    }
}
