using System.Diagnostics.CodeAnalysis;
using Wetware.Core;
using Wetware.Membership.Gossip;

namespace Wetware.Membership.Pex;

/// <summary>
/// The peer-sampling service of one node, without I/O: now and then it exchanges a few records of its view with a peer of it, and what
/// remains is a random sample of all. Each side gives before it takes. Everything that it is given must have been authenticated. At most
/// one exchange of its own is open at a time.
/// </summary>
internal sealed class PeerSampler
{
    /// <summary>A peer may begin exchanges this many times as often as honest ones do; what comes sooner counts as asked again.</summary>
    private const int HasteMax = 4;

    private readonly PexOptions _options;
    private readonly ulong _self;
    private readonly GossipCounters _counters;
    private readonly Dictionary<ulong, (ulong At, List<PexEntry> Answer)> _answers = [];
    private readonly List<ulong> _calm = [];
    private List<PexEntry> _given = [];
    private List<PexEntry>? _asked;
    private ulong _partner;
    private ulong _repeatAt;
    private ulong _answerBy;
    private ulong _nextAt;
    private bool _hasMixed;

    internal PeerSampler(PexOptions options, ulong self, GossipCounters counters, ulong now, ref Prng prng)
    {
        _options = options;
        _self = self;
        _counters = counters;
        View = new PexView(options, self);
        _nextAt = now + prng.Below((ulong)options.AloneMs);
    }

    internal PexView View { get; }

    private ulong RestMs => (ulong)(_options.IntervalMs / 2 / HasteMax);

    /// <summary>Whether it is time for an exchange, and with whom. Until the first is answered, it is often.</summary>
    internal bool TryBegin(ulong now, ref Prng prng, [NotNullWhen(true)] out SignedRecord? partner)
    {
        partner = null;
        if (now < _nextAt)
        {
            return false;
        }

        var pause = _hasMixed ? _options.IntervalMs : 2 * _options.AloneMs;
        _nextAt = now + (ulong)prng.Between(pause / 2, pause);
        Calm(now);
        if (_partner != 0)
        {
            _counters.ExchangesLost++;
            View.Missed(_partner, ref prng);
            _partner = 0;
        }

        return View.TryPartner(ref prng, out partner);
    }

    /// <summary>What to give to a peer, to begin an exchange with it; its answer is awaited.</summary>
    internal List<PexEntry> Give(ulong to, SignedRecord own, ulong now, ref Prng prng)
    {
        Await(to, now);
        _given = View.Offer(to, ref prng);
        _asked = WithOwn(_given, own);
        _repeatAt = now + (ulong)_options.RepeatMs;
        return _asked;
    }

    /// <summary>Whether it is time to give the same again, because no answer came: either may have been lost.</summary>
    internal bool TryRepeat(ulong now, out ulong to, [NotNullWhen(true)] out List<PexEntry>? given)
    {
        (to, given) = (_partner, null);
        if (_partner != 0 && _asked is not null && now >= _repeatAt && now < _answerBy)
        {
            _repeatAt = now + (ulong)_options.RepeatMs;
            given = _asked;
        }

        return given is not null;
    }

    /// <summary>A peer was called, and should show that it is there before the next is.</summary>
    internal void Await(ulong to, ulong now)
    {
        Invariant.Check(to != _self);
        _partner = to;
        _asked = null;
        _answerBy = now + (ulong)_options.TimeoutMs;
        _counters.ExchangesBegun++;
    }

    /// <summary>A peer has come, come back, or said something new.</summary>
    internal void Heard(SignedRecord record)
    {
        View.Update(record);
        if (_partner == record.Tail)
        {
            _partner = 0;
        }
    }

    /// <summary>
    /// Takes in what a peer gave to begin an exchange, and says what to give in return; null if it is refused. One that asks again so soon
    /// has not had its answer, and gets the same: nothing is taken twice.
    /// </summary>
    internal List<PexEntry>? Answer(ulong from, List<PexEntry> given, SignedRecord own, ulong now, ref Prng prng)
    {
        if (_answers.TryGetValue(from, out var before) && now - Math.Min(now, before.At) < RestMs)
        {
            return before.Answer;
        }

        if (!IsHonest(from, given))
        {
            _counters.ExchangesRefused++;
            return null;
        }

        var mine = View.Offer(from, ref prng);
        View.Merge(given, mine, ref prng);
        var answer = WithOwn(mine, own);
        _answers[from] = (now, answer);
        return answer;
    }

    /// <summary>Takes in what a peer gave in return. What was not asked for, or comes too late, is refused.</summary>
    internal void Take(ulong from, List<PexEntry> given, ulong now, ref Prng prng)
    {
        if (from != _partner || now > _answerBy || !IsHonest(from, given))
        {
            _counters.ExchangesRefused++;
            return;
        }

        _partner = 0;
        _counters.ExchangesDone++;
        View.Merge(given, _given, ref prng);
        _given = [];
        _hasMixed = true;
    }

    /// <summary>Whether it is no more than half a view, of which nothing but the giver's own record claims to come from its peer's hand.</summary>
    private bool IsHonest(ulong from, List<PexEntry> given)
    {
        if (given.Count > _options.ExchangeMax)
        {
            return false;
        }

        foreach (var entry in given)
        {
            if (entry.Hop == 0 != (entry.Record.Tail == from))
            {
                return false;
            }
        }

        return true;
    }

    private static List<PexEntry> WithOwn(List<PexEntry> entries, SignedRecord own) =>
        own.Envelope.Length <= Limits.PexRecordBytesMax ? [.. entries, new PexEntry(own, 0)] : [.. entries];

    /// <summary>Forgets the answers to those who may ask anew.</summary>
    private void Calm(ulong now)
    {
        _calm.Clear();
        foreach (var (tail, (at, _)) in _answers)
        {
            if (now - Math.Min(now, at) >= RestMs)
            {
                _calm.Add(tail);
            }
        }

        foreach (var tail in _calm)
        {
            _answers.Remove(tail);
        }
    }
}
