using Wetware.Core;

namespace Wetware.Membership.Gossip;

/// <summary>
/// Finds out who is gone. Each member probes those it observes, in turn; one that does not answer is doubted: probed again and again,
/// directly and through others, as SWIM does (Das, Gupta and Motivala 2002), while its other observers are told and do the same. Only
/// observers that agree declare a death, so no single member's trouble is taken for another's. A node that was itself stopped, or
/// that others contradict, grows patient (Dadgar, Phillips and Currey, "Lifeguard", 2018).
/// </summary>
internal sealed class FailureDetector
{
    /// <summary>How patient a node can grow: its times stretch by half of this at most.</summary>
    private const int AwarenessMax = 8;

    private readonly GossipOptions _options;
    private readonly ulong _self;
    private readonly MemberView _view;
    private readonly Rings _rings;
    private readonly Contacts _contacts;
    private readonly Outbox _outbox;
    private readonly Probes _probes;
    private readonly Dictionary<ulong, Doubt> _doubts = [];
    private readonly List<ulong> _observers = [];
    private readonly List<ulong> _ended = [];
    private readonly List<ulong> _dead = [];
    private int _awareness;

    internal FailureDetector(GossipOptions options, ulong self, MemberView view, Rings rings, Contacts contacts, Outbox outbox, Probes probes)
    {
        _options = options;
        _self = self;
        _view = view;
        _rings = rings;
        _contacts = contacts;
        _outbox = outbox;
        _probes = probes;
    }

    /// <summary>Whether a member is being doubted.</summary>
    internal bool IsDoubted(ulong tail) => _doubts.ContainsKey(tail);

    /// <summary>Moves time on and lists the members that this node now declares dead, or believes to be.</summary>
    internal List<ulong> Tick(ulong now, ref Prng prng)
    {
        _probes.Tick(now, Scaled(_options.AckMs), ref prng, this);
        _ended.Clear();
        _dead.Clear();
        foreach (var (tail, doubt) in _doubts)
        {
            if (!_view.TryGet(tail, out var record) || record.Record.Seq != doubt.Seq || _contacts.HeardAfter(tail, doubt.Since))
            {
                _ended.Add(tail);
            }
            else if (IsOver(tail, doubt, now))
            {
                _dead.Add(tail);
            }
            else
            {
                Pursue(tail, doubt, now, ref prng);
            }
        }

        foreach (var tail in _ended)
        {
            End(tail, now);
        }

        return _dead;
    }

    /// <summary>There was a frame from a member: it is not gone.</summary>
    internal void Heard(ulong tail, ulong now)
    {
        if (_doubts.ContainsKey(tail))
        {
            End(tail, now);
        }
    }

    /// <summary>A probe was answered.</summary>
    internal void Answered() => _awareness = Math.Max(0, _awareness - 1);

    /// <summary>A probe of a member that was sent at a moment was not answered in time.</summary>
    internal void Missed(ulong tail, ulong sentAt) => Begin(tail, sentAt);

    /// <summary>This node was stopped for a while: it missed answers, and can hold nothing against anybody.</summary>
    internal void Paused(ulong now)
    {
        _awareness = AwarenessMax;
        _probes.Forget();
        foreach (var doubt in _doubts.Values)
        {
            doubt.Since = now;
            doubt.Votes.Clear();
        }
    }

    /// <summary>Another observer cannot reach a member.</summary>
    internal void Alerted(ulong from, in Word word, ulong now)
    {
        if (!_view.TryGet(word.Subject, out var record) || record.Record.Seq != word.Seq)
        {
            return;
        }

        var age = _contacts.Age(word.Subject, now);
        if (age <= (ulong)_options.DoubtProbeMs && !_doubts.ContainsKey(word.Subject))
        {
            _outbox.Say(from, new Word(WordKind.Vouch, word.Subject, word.Seq, (uint)age));
            return;
        }

        var doubt = Begin(word.Subject, now);
        if (doubt is not null && !doubt.Votes.Contains(from) && IsObserver(from, word.Subject))
        {
            doubt.Votes.Add(from);
        }
    }

    /// <summary>Another had word from a member.</summary>
    internal void Vouched(in Word word, ulong now)
    {
        var at = now - Math.Min(now, word.AgeMs);
        _contacts.Vouched(word.Subject, at);
        if (_doubts.TryGetValue(word.Subject, out var doubt) && at > doubt.Since)
        {
            // Others reach it and this node does not: the fault may be here.
            _awareness = Math.Min(AwarenessMax, _awareness + 1);
            End(word.Subject, now);
        }
    }

    /// <summary>Another says that a member is dead, but did not see it die itself: one last try decides.</summary>
    internal void Verify(ulong tail, ulong now)
    {
        var doubt = Begin(tail, now);
        if (doubt is not null)
        {
            doubt.IsHearsay = true;
        }
    }

    private Doubt? Begin(ulong tail, ulong since)
    {
        if (_doubts.TryGetValue(tail, out var known))
        {
            return known;
        }

        if (tail == _self || !_view.TryGet(tail, out var record) || _contacts.HeardAfter(tail, since))
        {
            return null;
        }

        var doubt = new Doubt(record.Record.Seq, since) { NextAlertAt = since + Scaled(_options.AlertMs) };
        _doubts[tail] = doubt;
        return doubt;
    }

    /// <summary>Ends a doubt that turned out unfounded, and says so to those who shared it.</summary>
    private void End(ulong tail, ulong now)
    {
        if (!_doubts.Remove(tail, out var doubt) || !_view.Contains(tail))
        {
            return;
        }

        var age = _contacts.Age(tail, now);
        foreach (var voter in doubt.Votes)
        {
            if (age <= (ulong)_options.UnanimousMs && _view.Contains(voter))
            {
                _outbox.Say(voter, new Word(WordKind.Vouch, tail, doubt.Seq, (uint)age));
            }
        }
    }

    /// <summary>Probes a doubted member again, directly and through others, and tells its other observers.</summary>
    private void Pursue(ulong tail, Doubt doubt, ulong now, ref Prng prng)
    {
        if (now >= doubt.NextProbeAt)
        {
            doubt.NextProbeAt = now + (ulong)_options.DoubtProbeMs;
            _probes.Ping(tail, now);
            for (var i = 0; i < _options.DoubtRelays && _view.Count > 2; i++)
            {
                var relay = _view.Random(ref prng).Tail;
                if (relay != tail && relay != _self && !_doubts.ContainsKey(relay))
                {
                    _outbox.Say(relay, new Word(WordKind.Reach, tail, doubt.Seq, 0));
                }
            }
        }

        if (now < doubt.NextAlertAt || doubt.IsHearsay || !MayAccuse(tail, now))
        {
            return;
        }

        doubt.NextAlertAt = now + (ulong)(2 * _options.DoubtProbeMs);
        _rings.Observers(tail, _observers);
        foreach (var observer in _observers)
        {
            if (observer != _self)
            {
                _outbox.Say(observer, new Word(WordKind.Alert, tail, doubt.Seq, 0));
            }
        }
    }

    private bool IsOver(ulong tail, Doubt doubt, ulong now)
    {
        var age = now - Math.Min(now, doubt.Since);
        if (doubt.IsHearsay)
        {
            return age >= Scaled(_options.VerifyMs) && MayAccuse(tail, now);
        }

        if (age < Scaled(_options.UnanimousMs) || !MayAccuse(tail, now) || !IsObserver(_self, tail))
        {
            return false;
        }

        // IsObserver has just filled the list.
        var votes = 1;
        foreach (var observer in _observers)
        {
            votes += observer != _self && doubt.Votes.Contains(observer) ? 1 : 0;
        }

        return votes > 1
            ? votes >= _observers.Count || age >= Scaled(_options.MajorityMs)
            : age >= Scaled(_options.AloneMs);
    }

    /// <summary>A node that hears from nobody has lost the others, not one of them.</summary>
    private bool MayAccuse(ulong tail, ulong now) => _contacts.AnyOtherAfter(tail, now - Math.Min(now, Scaled(_options.ContactMs)));

    private bool IsObserver(ulong candidate, ulong subject)
    {
        _rings.Observers(subject, _observers);
        return _observers.Contains(candidate);
    }

    private ulong Scaled(int ms) => (ulong)(ms + (ms * _awareness / (2 * AwarenessMax)));

    /// <summary>Forgets the doubt about a member that left the view.</summary>
    internal void Forget(ulong tail) => _doubts.Remove(tail);
}
