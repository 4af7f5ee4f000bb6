using Wetware.Core;

namespace Wetware.Rpc.Flow;

/// <summary>
/// The window of BBR (Cardwell et al., "BBR: Congestion-Based Congestion Control", 2016), for messages over a reliable
/// stream: the rate is the most that a recent round delivered, the delay the least that was seen lately, and the window
/// is a little more than their product. It counts in rounds, not answers, so that batches of answers do not end the
/// start too early; and it does not pace, for a timer under a millisecond costs more than the queue it saves.
/// </summary>
public sealed class BbrWindow : IFlowController
{
    private const double StartupGain = 2.885;
    private const double GrowthWorthWaiting = 1.25;
    private const int FlatRoundsMax = 3;
    private const double SteadyGain = 1.25;
    private const long DelayValidNs = 10_000_000_000;
    private const long ProbeDelayNs = 200_000_000;
    private static readonly double[] Cycle = [1.5, 1.0, SteadyGain, SteadyGain, SteadyGain, SteadyGain, SteadyGain, SteadyGain];

    private readonly MaxOfRounds _rate = new();
    private long _delivered;
    private long _deliveredAt;
    private long _inFlight;
    private long _largest;
    private long _roundEnd;
    private long _round;
    private long _delay = long.MaxValue;
    private long _delaySeenAt;
    private long _probeDelayUntil;
    private double _fullRate;
    private int _flatRounds;
    private int _cycleIndex;
    private long _cycleSince;

    /// <summary>Where the search is.</summary>
    public BbrPhase Phase { get; private set; } = BbrPhase.Startup;

    /// <summary>The bottleneck's rate as far as is known, in bytes per second.</summary>
    public double RateBytesPerSecond => _rate.Best * 1e9;

    /// <summary>The least round trip seen lately, in nanoseconds; 0 before the first.</summary>
    public long DelayNs => _delay == long.MaxValue ? 0 : _delay;

    /// <inheritdoc/>
    public long WindowBytes
    {
        get
        {
            var floor = Limits.WindowBytesMin + _largest;
            if (Phase == BbrPhase.ProbeDelay || _rate.Best <= 0)
            {
                return floor;
            }

            return Math.Clamp((long)(Gain * _rate.Best * _delay), floor, Math.Max(floor, Limits.WindowBytesMax));
        }
    }

    private double Gain => Phase switch
    {
        BbrPhase.Startup => StartupGain,
        BbrPhase.Drain => 1.0,
        _ => Cycle[_cycleIndex],
    };

    /// <inheritdoc/>
    public FlowStamp Sent(long bytes, long now, bool limitedByWindow)
    {
        Invariant.Check(bytes > 0);
        _largest = Math.Max(_largest, bytes);
        if (_inFlight == 0)
        {
            // After silence the time since the last answer is the application's, not the link's.
            _deliveredAt = now;
        }

        _inFlight += bytes;
        return new FlowStamp(bytes, now, _delivered, _deliveredAt, !limitedByWindow);
    }

    /// <inheritdoc/>
    public void Returned(in FlowStamp stamp, long now)
    {
        Invariant.Check(now >= stamp.SentAt);
        _inFlight -= stamp.Bytes;
        Invariant.Check(_inFlight >= 0);
        _delivered += stamp.Bytes;
        _deliveredAt = now;

        var newRound = stamp.DeliveredBytes >= _roundEnd;
        if (newRound)
        {
            _roundEnd = _delivered;
            _round++;
        }

        LearnRate(in stamp, now);
        var delayExpired = LearnDelay(now - stamp.SentAt, now);
        Advance(newRound, stamp.IsAppLimited, delayExpired, now);
    }

    private void LearnRate(in FlowStamp stamp, long now)
    {
        // The slower of sending and answering bounds the sample from above; answers that come in bursts would
        // otherwise look like a link of infinite rate.
        var elapsed = Math.Max(now - stamp.DeliveredAt, stamp.SentAt - stamp.DeliveredAt);
        if (elapsed <= 0)
        {
            return;
        }

        var rate = (_delivered - stamp.DeliveredBytes) / (double)elapsed;
        if (!stamp.IsAppLimited || rate > _rate.Best)
        {
            _rate.Add(_round, rate);
        }
    }

    private bool LearnDelay(long sample, long now)
    {
        var expired = now - _delaySeenAt > DelayValidNs;
        if (sample <= _delay || expired)
        {
            _delay = Math.Max(sample, 1);
            _delaySeenAt = now;
        }

        return expired;
    }

    private void Advance(bool newRound, bool appLimited, bool delayExpired, long now)
    {
        switch (Phase)
        {
            case BbrPhase.Startup:
                if (newRound && !appLimited)
                {
                    LeaveStartupOnceFlat();
                }

                break;
            case BbrPhase.Drain:
                if (_inFlight <= _rate.Best * _delay || newRound)
                {
                    EnterProbeRate(now);
                }

                break;
            case BbrPhase.ProbeRate:
                if (now - _cycleSince > _delay)
                {
                    _cycleIndex = (_cycleIndex + 1) % Cycle.Length;
                    _cycleSince = now;
                }

                if (delayExpired)
                {
                    Phase = BbrPhase.ProbeDelay;
                    _probeDelayUntil = now + ProbeDelayNs + _delay;
                }

                break;
            case BbrPhase.ProbeDelay:
                if (now >= _probeDelayUntil)
                {
                    EnterProbeRate(now);
                }

                break;
            default:
                Invariant.Fail("unknown phase");
                break;
        }
    }

    private void LeaveStartupOnceFlat()
    {
        if (_rate.Best >= _fullRate * GrowthWorthWaiting)
        {
            _fullRate = _rate.Best;
            _flatRounds = 0;
        }
        else if (++_flatRounds >= FlatRoundsMax)
        {
            Phase = BbrPhase.Drain;
        }
    }

    private void EnterProbeRate(long now)
    {
        Phase = BbrPhase.ProbeRate;
        _cycleIndex = 1;
        _cycleSince = now;
    }
}
