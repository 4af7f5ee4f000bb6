using Wetware.Protocol;
using Wetware.Raft;

namespace Wetware.Host.Consensus;

/// <summary>Proposals that arrived in a turn and go into the log as one batch, or none of them.</summary>
internal sealed class ArrivedProposals(RawNode node, PendingProposals pending)
{
    private readonly List<Proposal> _arrived = [];
    private Entry[] _batch = [];

    public void Add(Proposal proposal) => _arrived.Add(proposal);

    /// <summary>Proposes them; those that are not taken are dropped for certain.</summary>
    public void Propose()
    {
        if (_arrived.Count == 0)
        {
            return;
        }

        // Somebody wants something of a group that may have lost its leader while it slept.
        node.Wake();
        var batch = Fill();
        var isTaken = node.SoftState.Role == Role.Leader && node.Propose(batch) == StepResult.Ok;
        var index = new Core.LogIndex(node.LastIndex.Value - (ulong)_arrived.Count);
        foreach (var proposal in _arrived)
        {
            if (isTaken)
            {
                index = index.Next;
                proposal.Index = index;
                pending.Add(proposal);
            }
            else
            {
                proposal.Complete(Outcome.Dropped(Refusal()));
                proposal.Release();
            }
        }

        _arrived.Clear();
        batch.Span.Clear();
    }

    public void DropAll(string reason)
    {
        foreach (var proposal in _arrived)
        {
            proposal.Complete(Outcome.Dropped(reason));
            proposal.Release();
        }

        _arrived.Clear();
    }

    private Memory<Entry> Fill()
    {
        if (_batch.Length < _arrived.Count)
        {
            _batch = new Entry[Math.Max(16, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)_arrived.Count))];
        }

        for (var i = 0; i < _arrived.Count; i++)
        {
            _batch[i] = new Entry(_arrived[i].Payload);
        }

        return _batch.AsMemory(0, _arrived.Count);
    }

    private string Refusal() =>
        node.SoftState.Role != Role.Leader ? "this node does not lead"
        : node.Transferee != Core.NodeId.None ? "leadership is being handed over"
        : "the leader has too much uncommitted";
}
