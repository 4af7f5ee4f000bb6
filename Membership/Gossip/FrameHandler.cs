using Wetware.Membership.Pex;

namespace Wetware.Membership.Gossip;

/// <summary>Takes in what a frame says, part by part: records, probes, words, digests, parts of views, messages, samples, pages.</summary>
internal sealed class FrameHandler(NodeState state, OwnRecord own, Burials burials, MemberSampling sampling)
{
    private readonly List<ulong> _scratch = [];

    /// <summary>Takes in a record that came in a frame, and hands it on if it is news.</summary>
    internal void Learn(SignedRecord record, Frame frame)
    {
        if (record.Tail == state.Tail)
        {
            own.Reflected(record);
            return;
        }

        if (state.Tombstones.Blocks(record) || (state.View.TryGet(record.Tail, out var known) && !record.Supersedes(known)))
        {
            state.Counters.Stale++;
            if (frame.PageNext == 0 && record.Tail != frame.From)
            {
                state.Tree.Duplicate(frame.From);
            }

            return;
        }

        if (record.IsLeave)
        {
            burials.Bury(record, Fate.Left);
            state.Tree.Push(record, frame.From, state.Now);
            return;
        }

        var joined = !state.View.Contains(record.Tail);
        state.View.Set(record);
        state.Sampler.Heard(record);
        state.Reconciler.Changed(state.Now);
        if (joined)
        {
            state.Rings.Add(record.Tail);
            state.Tombstones.Remove(record.Tail);
        }

        state.Tree.Push(record, frame.From, state.Now);
        state.Changes.Enqueue(new MemberChange(joined ? MemberChangeKind.Joined : MemberChangeKind.Updated, record));
    }

    /// <summary>Answers a probe, closes those that are answered, and starts a comparison where the views differ.</summary>
    internal void Probed(Frame frame)
    {
        if (frame.Ping != 0)
        {
            var answer = state.Outbox.Urgent(frame.From);
            answer.Ack = frame.Ping;
            answer.Fingerprint = (uint)state.View.Fingerprint;
            answer.ViewCount = (uint)state.View.Count;
        }

        if (frame.Ack != 0)
        {
            _scratch.Clear();
            if (state.Probes.Answered(frame.From, frame.Ack, _scratch))
            {
                state.Detector.Answered();
            }

            foreach (var asker in _scratch)
            {
                state.Outbox.Say(asker, new Word(WordKind.Vouch, frame.From, 0, 0));
            }
        }

        if (frame.ViewCount != 0)
        {
            state.Reconciler.Compare(frame.From, frame.Fingerprint, own.IsYoung, state.Now);
        }
    }

    /// <summary>Takes in what one member says about another, or about this node.</summary>
    internal void Hear(ulong from, in Word word)
    {
        switch (word.Kind)
        {
            case WordKind.Reach when state.View.Contains(word.Subject) && word.Subject != state.Tail:
                state.Probes.Ping(word.Subject, from, state.Now);
                break;
            case WordKind.Vouch:
                state.Detector.Vouched(in word, state.Now);
                break;
            case WordKind.Alert:
                state.Detector.Alerted(from, in word, state.Now);
                break;
            case WordKind.Dead or WordKind.Buried when word.Subject == state.Tail:
                own.Refute(from, word.Seq);
                break;
            case WordKind.Dead:
                burials.Condemned(from, in word);
                break;
            case WordKind.Buried when state.View.TryGet(word.Subject, out var record) && record.Record.Seq <= word.Seq:
                // One that lives will speak up with a newer record, which both sides then believe.
                state.Outbox.Say(word.Subject, word);
                state.Detector.Verify(word.Subject, state.Now);
                break;
            default:
                break;
        }
    }

    /// <summary>Takes in what the tree, the comparison of views, topics and newcomers have to say.</summary>
    internal void Exchange(Frame frame)
    {
        if (frame.Prune)
        {
            state.Links.Prune(frame.From);
        }

        if (frame.Graft)
        {
            state.Links.Graft(frame.From);
        }

        ExchangeRecords(frame);
        Compare(frame);
        ExchangeMessages(frame);
        if (frame.Samples.Count > 0)
        {
            sampling.Receive(frame);
        }

        if (frame.PageNext != 0)
        {
            state.Joiner.Page(frame.From, frame.PageNext, state.Now);
        }

        if (frame.PullAt != 0)
        {
            state.Joiner.Serve(frame.From, frame.PullAt, own.Latest);
        }
    }

    private void ExchangeRecords(Frame frame)
    {
        foreach (var digest in frame.Have)
        {
            if (digest.Tail != state.Tail)
            {
                state.Tree.Announced(frame.From, digest, state.Now);
            }
        }

        foreach (var wanted in frame.Want)
        {
            state.Tree.Wanted(frame.From, wanted);
        }
    }

    private void Compare(Frame frame)
    {
        _scratch.Clear();
        foreach (var range in frame.Sync)
        {
            state.Reconciler.Answer(frame.From, range, _scratch);
        }

        foreach (var tail in _scratch)
        {
            if (state.Tombstones.TryGet(tail, out var buried))
            {
                state.Outbox.Say(tail, new Word(WordKind.Buried, tail, buried.Record.Seq, 0));
            }
        }
    }

    private void ExchangeMessages(Frame frame)
    {
        foreach (var message in frame.Messages)
        {
            state.Topics.Receive(message, frame.From);
        }

        foreach (var id in frame.MessagesHave)
        {
            state.Topics.Announced(frame.From, in id, state.Now);
        }

        foreach (var id in frame.MessagesWant)
        {
            state.Topics.Wanted(frame.From, in id);
        }
    }
}
