using Wetware.Core;

namespace Wetware.Membership.Gossip;

/// <summary>The probes that were sent and not yet answered, and whose turn is next. Invariant: at most <see cref="OpenMax"/> are open.</summary>
internal sealed class Probes(GossipOptions options, ulong self, MemberView view, Rings rings, Outbox outbox)
{
    /// <summary>Many more than can be open when all goes well; beyond it the oldest is given up.</summary>
    private const int OpenMax = 256;

    private readonly List<Probe> _open = [];
    private ulong _nextAt;
    private uint _number;
    private int _turn;

    /// <summary>Reports what was not answered in time, and sends the probe whose time it is.</summary>
    internal void Tick(ulong now, ulong ackMs, ref Prng prng, FailureDetector detector)
    {
        for (var i = _open.Count - 1; i >= 0; i--)
        {
            var probe = _open[i];
            if (now - Math.Min(now, probe.SentAt) >= ackMs)
            {
                _open.RemoveAt(i);
                if (probe.For == self)
                {
                    detector.Missed(probe.To, probe.SentAt);
                }
            }
        }

        if (now >= _nextAt)
        {
            // A tenth of jitter either way keeps members from falling into step.
            var tenth = options.ProbeMs / 10;
            _nextAt = now + (ulong)(options.ProbeMs + prng.Between(-tenth, tenth));
            if (Next(ref prng) is { } next)
            {
                Ping(next, now);
            }
        }
    }

    /// <summary>Probes a member for this node.</summary>
    internal void Ping(ulong to, ulong now) => Ping(to, self, now);

    /// <summary>Probes a member for another that cannot reach it.</summary>
    internal void Ping(ulong to, ulong asker, ulong now)
    {
        if (_open.Count >= OpenMax)
        {
            _open.RemoveAt(0);
        }

        var frame = outbox.Urgent(to);
        if (frame.Ping == 0)
        {
            _number = _number == uint.MaxValue ? 1 : _number + 1;
            frame.Ping = _number;
        }

        _open.Add(new Probe(frame.Ping, to, asker, now));
    }

    /// <summary>An answer came: closes its probes and lists whom to tell.</summary>
    internal bool Answered(ulong from, uint number, List<ulong> askers)
    {
        var own = false;
        for (var i = _open.Count - 1; i >= 0; i--)
        {
            var probe = _open[i];
            if (probe.Number != number || probe.To != from)
            {
                continue;
            }

            own |= probe.For == self;
            if (probe.For != self)
            {
                askers.Add(probe.For);
            }

            _open.RemoveAt(i);
        }

        return own;
    }

    internal void Forget() => _open.Clear();

    /// <summary>The subjects in turn, and now and then anybody.</summary>
    private ulong? Next(ref Prng prng)
    {
        if (view.Count < 2)
        {
            return null;
        }

        _turn++;
        if (_turn % options.RandomProbeEvery == 0)
        {
            var anybody = view.Random(ref prng).Tail;
            return anybody == self ? null : anybody;
        }

        var subjects = rings.Subjects;
        return subjects.Count == 0 ? null : subjects[_turn % subjects.Count];
    }

    private readonly record struct Probe(uint Number, ulong To, ulong For, ulong SentAt);
}
