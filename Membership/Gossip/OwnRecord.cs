using Wetware.Core;

namespace Wetware.Membership.Gossip;

/// <summary>
/// What this node says of itself: seals its record anew when its profile changes, when others bury it, and when a record of an earlier
/// start comes back. Invariant: the record in the view is the latest sealed one, until the node leaves.
/// </summary>
internal sealed class OwnRecord
{
    /// <summary>A process that has jumped over a rival's number so often is not looking at its own past, but at a living twin.</summary>
    private const int JumpsMax = 3;

    private readonly NodeState _state;
    private readonly ISelf _self;
    private int _jumps;

    internal OwnRecord(NodeState state, ISelf self, SignedRecord first)
    {
        _state = state;
        _self = self;
        Latest = first;
        Since = state.Now;
        state.View.Set(first);
    }

    internal SignedRecord Latest { get; private set; }

    /// <summary>When the latest was sealed.</summary>
    internal ulong Since { get; private set; }

    /// <summary>Whether this node has stood back for a twin with the same key.</summary>
    internal bool HasYielded { get; private set; }

    /// <summary>Whether the record is so new that others may not have it yet.</summary>
    internal bool IsYoung => _state.Now - Math.Min(_state.Now, Since) < (ulong)_state.Options.YoungMs;

    /// <summary>Seals the record under a higher number and tells everybody.</summary>
    internal void Reseal(ulong seq)
    {
        var sealedRecord = _self.Seal(seq, leave: false);
        Invariant.Check(sealedRecord.Tail == _state.Tail && sealedRecord.Supersedes(Latest));
        Latest = sealedRecord;
        Since = _state.Now;
        _state.View.Set(Latest);
        _state.Reconciler.Changed(_state.Now);
        _state.Tree.Push(Latest, _state.Tail, _state.Now);
        _state.Changes.Enqueue(new MemberChange(MemberChangeKind.Updated, Latest));
    }

    /// <summary>Says goodbye to the neighbours.</summary>
    internal void Leave()
    {
        Latest = _self.Seal(Latest.Record.Seq + 1, leave: true);
        foreach (var to in _state.Rings.Neighbours)
        {
            _state.Outbox.Send(to, Latest);
        }
    }

    /// <summary>A record of this node's own peer came back: an earlier start's, or that of a twin that runs with the same key.</summary>
    internal void Reflected(SignedRecord record)
    {
        if (record.Record.Server == Latest.Record.Server || !record.Supersedes(Latest) || record.IsLeave)
        {
            return;
        }

        _jumps++;
        if (_jumps > JumpsMax)
        {
            // Of two twins exactly one stands back, so they do not push each other out for ever.
            _state.Counters.Conflicts++;
            HasYielded |= Latest.Record.Server < record.Record.Server;
        }

        if (!HasYielded)
        {
            Reseal(record.Record.Seq + 1);
        }
    }

    /// <summary>Somebody believes that this node is dead, as of one of its records: speaks up with a newer one.</summary>
    internal void Refute(ulong to, ulong seq)
    {
        if (HasYielded)
        {
            return;
        }

        if (seq >= Latest.Record.Seq)
        {
            _state.Counters.Refuted++;
            Reseal(seq + 1);
        }

        _state.Outbox.Send(to, Latest);
        _state.Outbox.Urgent(to);
    }

    /// <summary>Adds what goes with every probe: the view's fingerprint, and the record where it may not be known yet.</summary>
    internal void Introduce(ulong to, Frame frame)
    {
        frame.Fingerprint = (uint)_state.View.Fingerprint;
        frame.ViewCount = (uint)_state.View.Count;
        var isUnknown = (IsYoung && !_state.Contacts.HeardAfter(to, Since)) || _state.Detector.IsDoubted(to);
        if (isUnknown && !frame.Records.Contains(Latest))
        {
            frame.Records.Add(Latest);
        }
    }
}
