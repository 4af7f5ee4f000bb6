using Wetware.Core;
using Wetware.Protocol;

namespace Wetware.Host.Consensus;

/// <summary>
/// The proposals of this node that stand in its log and are not applied yet, by index. Owned by the loop. Because this
/// node appended them, whatever is committed at their index decides their fate: it is theirs, or they are lost for good.
/// Invariant: indexes ascend.
/// </summary>
internal sealed class PendingProposals
{
    private readonly Queue<Proposal> _waiting = new();
    private LogIndex _last;
    private long _nextDeadline = long.MaxValue;

    public int Count => _waiting.Count;

    /// <summary>Adds a proposal that was just appended. A new leader may start below what an old one reached.</summary>
    public void Add(Proposal proposal)
    {
        if (proposal.Index <= _last)
        {
            // The log was truncated below earlier proposals of ours: those are overwritten already.
            DropFrom(proposal.Index);
        }

        _waiting.Enqueue(proposal);
        _last = proposal.Index;
        _nextDeadline = Math.Min(_nextDeadline, proposal.Deadline);
    }

    /// <summary>An entry is about to be applied; returns the proposal it is, if it is one of ours, for the caller to complete and release.</summary>
    public Proposal? Applied(LogIndex index, EntryHeader header)
    {
        while (_waiting.TryPeek(out var first) && first.Index <= index)
        {
            _waiting.Dequeue();
            if (first.Index == index && first.Header == header)
            {
                return first;
            }

            End(first, Outcome.Dropped("another leader's entry took its place in the log"));
        }

        return null;
    }

    /// <summary>Everything up to an index was replaced by a snapshot, so whether it was applied is not known here.</summary>
    public void Skipped(LogIndex index)
    {
        while (_waiting.TryPeek(out var first) && first.Index <= index)
        {
            _waiting.Dequeue();
            End(first, Outcome.Unknown("a snapshot took the place of its part of the log"));
        }
    }

    /// <summary>Gives up on those whose time is over; they leave the queue when their index is applied.</summary>
    public void Expire(long now)
    {
        if (now < _nextDeadline)
        {
            return;
        }

        // Who asked later may have less time.
        _nextDeadline = long.MaxValue;
        foreach (var proposal in _waiting)
        {
            if (proposal.Deadline > now)
            {
                _nextDeadline = Math.Min(_nextDeadline, proposal.Deadline);
                continue;
            }

            proposal.Complete(Outcome.Unknown("it was not committed in time"));
        }
    }

    public void FailAll(string reason)
    {
        while (_waiting.TryDequeue(out var proposal))
        {
            End(proposal, Outcome.Unknown(reason));
        }
    }

    private void DropFrom(LogIndex index)
    {
        for (var count = _waiting.Count; count > 0; count--)
        {
            var proposal = _waiting.Dequeue();
            if (proposal.Index < index)
            {
                _waiting.Enqueue(proposal);
            }
            else
            {
                End(proposal, Outcome.Dropped("another leader's entry took its place in the log"));
            }
        }
    }

    private static void End(Proposal proposal, in Outcome outcome)
    {
        proposal.Complete(outcome);
        proposal.Release();
    }
}
