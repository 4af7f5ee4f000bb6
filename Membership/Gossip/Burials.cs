namespace Wetware.Membership.Gossip;

/// <summary>
/// Takes members out of the view: those this node's detector gave up, those that others condemned, those that left, and those that ran out
/// because nobody was heard; and looks for the dead, for they may only have been cut off.
/// </summary>
internal sealed class Burials(NodeState state, OwnRecord own)
{
    /// <summary>Silence of all others that is shorter than this, in milliseconds, is no reason to look what has run out.</summary>
    private const ulong AloneMsMin = 1_000;

    private readonly List<ulong> _lost = [];
    private ulong _seekAt;

    /// <summary>This node's detector gave a member up: tells everybody, and the member itself.</summary>
    internal void Declare(ulong tail)
    {
        if (!state.View.TryGet(tail, out var record))
        {
            return;
        }

        state.Counters.Declared++;
        var word = new Word(WordKind.Dead, tail, record.Record.Seq, 0);
        Flood(state.Tail, in word);
        state.Outbox.Say(tail, new Word(WordKind.Buried, tail, record.Record.Seq, 0));
        Bury(record, Fate.Died);
    }

    /// <summary>A member's observers declared it dead.</summary>
    internal void Condemned(ulong from, in Word word)
    {
        if (!state.View.TryGet(word.Subject, out var record) || record.Record.Seq > word.Seq)
        {
            return;
        }

        var age = state.Contacts.Age(word.Subject, state.Now);
        if (age <= (ulong)state.Options.ContactMs)
        {
            // This node had word from it more recently than a doubt takes: the sentence is wrong, and the member should know.
            state.Outbox.Say(from, new Word(WordKind.Vouch, word.Subject, word.Seq, (uint)age));
            state.Outbox.Say(word.Subject, word);
            return;
        }

        Flood(from, in word);
        Bury(record, Fate.Died);
    }

    /// <summary>Takes a member out, and remembers how it went.</summary>
    internal void Bury(SignedRecord record, Fate fate)
    {
        var known = state.View.Contains(record.Tail);
        state.Tombstones.Add(record, fate, state.Now);
        // One who leaves may come back, and where it was is worth remembering: all may have left, to start again later.
        state.Sampler.View.Silence(record.Tail);
        if (!known)
        {
            return;
        }

        state.View.Remove(record.Tail);
        state.Rings.Remove(record.Tail);
        state.Links.Graft(record.Tail);
        state.Topics.Forget(record.Tail);
        state.Detector.Forget(record.Tail);
        state.Contacts.Forget(record.Tail);
        state.Reconciler.Changed(state.Now);
        state.Changes.Enqueue(new MemberChange(fate == Fate.Left ? MemberChangeKind.Left : MemberChangeKind.Died, record));
    }

    /// <summary>A node that hears from nobody cannot renew anything it believes: its records run out.</summary>
    internal void LoseUnrenewed()
    {
        var view = state.View;
        var alone = state.Now - Math.Min(state.Now, Math.Max(state.Contacts.LastFrame, own.Since));
        if (view.Count < 2 || alone < AloneMsMin)
        {
            return;
        }

        _lost.Clear();
        for (var i = 0; i < view.Count; i++)
        {
            if (view[i].Tail != state.Tail && view[i].Record.TtlMs <= alone)
            {
                _lost.Add(view[i].Tail);
            }
        }

        foreach (var tail in _lost)
        {
            if (view.TryGet(tail, out var record))
            {
                Bury(record, Fate.Lost);
            }
        }
    }

    /// <summary>Looks for a member that died without a word: it may have been cut off, and a whole part of the cluster with it.</summary>
    internal void Seek()
    {
        if (state.Now < _seekAt || !state.Tombstones.TryRandomDead(ref state.Random, out var dead))
        {
            return;
        }

        var age = (int)Math.Min(state.Now - state.Tombstones.LastDeath, (ulong)state.Options.TombstoneMs);
        _seekAt = state.Now + (ulong)state.Random.Between(state.Options.SeekMs / 2, state.Options.SeekMs + (age / 10));
        state.Outbox.Say(dead.Tail, new Word(WordKind.Buried, dead.Tail, dead.Record.Seq, 0));
        state.Outbox.Urgent(dead.Tail).Records.Add(own.Latest);
    }

    private void Flood(ulong from, in Word word)
    {
        foreach (var to in state.Rings.Neighbours)
        {
            if (to != from && to != word.Subject)
            {
                state.Outbox.Say(to, in word);
            }
        }
    }
}
