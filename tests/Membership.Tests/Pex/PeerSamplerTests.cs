using Wetware.Core;
using Wetware.Membership.Gossip;
using Wetware.Membership.Pex;
using Wetware.Membership.Tests.Routing;

namespace Wetware.Membership.Tests.Pex;

public class PeerSamplerTests
{
    private readonly GossipCounters _counters = new();
    private readonly PeerSampler _sampler;
    private Prng _prng = new(1);

    public PeerSamplerTests()
    {
        _sampler = new PeerSampler(PexOptions.Default, Record(0).Tail, _counters, 0, ref _prng);
        _sampler.View.TryAdd(new PexEntry(Record(1), 1));
    }

    [Fact]
    public void An_exchange_gives_the_own_record_last_at_hop_zero_and_takes_the_answer_once()
    {
        var given = _sampler.Give(Record(1).Tail, Record(0), 100, ref _prng);
        Assert.Equal((Record(0).Tail, 0UL), (given[^1].Record.Tail, given[^1].Hop));
        List<PexEntry> answer = [new(Record(2), 3), new(Record(1), 0)];
        _sampler.Take(Record(1).Tail, answer, 200, ref _prng);
        Assert.True(_sampler.View.TryGet(Record(2).Tail, out var taken));
        Assert.Equal(4UL, taken.Hop);
        _sampler.Take(Record(1).Tail, answer, 200, ref _prng);
        Assert.Equal((1, 1, 1), (_counters.ExchangesBegun, _counters.ExchangesDone, _counters.ExchangesRefused));
    }

    [Fact]
    public void An_answer_that_is_unasked_for_or_late_or_of_another_is_refused()
    {
        List<PexEntry> answer = [new(Record(2), 1)];
        _sampler.Take(Record(1).Tail, answer, 0, ref _prng);
        _sampler.Give(Record(1).Tail, Record(0), 0, ref _prng);
        _sampler.Take(Record(3).Tail, answer, 10, ref _prng);
        _sampler.Take(Record(1).Tail, answer, (ulong)PexOptions.Default.TimeoutMs + 1, ref _prng);
        Assert.Equal(3, _counters.ExchangesRefused);
        Assert.False(_sampler.View.Contains(Record(2).Tail));
    }

    [Fact]
    public void A_peer_that_gives_too_much_or_passes_others_off_as_fresh_is_refused()
    {
        Assert.Null(_sampler.Answer(Record(2).Tail, [new(Record(3), 0)], Record(0), 0, ref _prng));
        Assert.Null(_sampler.Answer(Record(2).Tail, [new(Record(2), 5)], Record(0), 0, ref _prng));
        var many = Enumerable.Range(10, PexOptions.Default.ExchangeMax + 1).Select(n => new PexEntry(Record(n), 1)).ToList();
        Assert.Null(_sampler.Answer(Record(2).Tail, many, Record(0), 0, ref _prng));
        Assert.Equal(3, _counters.ExchangesRefused);
    }

    [Fact]
    public void A_peer_that_asks_again_at_once_gets_the_same_answer_and_nothing_is_taken_twice()
    {
        var answer = _sampler.Answer(Record(1).Tail, [new(Record(2), 1), new(Record(1), 0)], Record(0), 0, ref _prng);
        Assert.NotNull(answer);
        Assert.Same(answer, _sampler.Answer(Record(1).Tail, [new(Record(3), 1), new(Record(1), 0)], Record(0), 500, ref _prng));
        Assert.True(_sampler.View.Contains(Record(2).Tail));
        Assert.False(_sampler.View.Contains(Record(3).Tail));
        Assert.NotSame(answer, _sampler.Answer(Record(1).Tail, [new(Record(3), 1), new(Record(1), 0)], Record(0), 20_000, ref _prng));
        Assert.True(_sampler.View.Contains(Record(3).Tail));
    }

    [Fact]
    public void What_is_not_answered_is_given_again_until_it_is_given_up()
    {
        var given = _sampler.Give(Record(1).Tail, Record(0), 0, ref _prng);
        var times = new List<ulong>();
        for (var now = 0UL; now < 10_000; now += 50)
        {
            if (_sampler.TryRepeat(now, out var to, out var again))
            {
                Assert.Equal(Record(1).Tail, to);
                Assert.Same(given, again);
                times.Add(now);
            }
        }

        Assert.Equal([500UL, 1_000UL, 1_500UL], times);
    }

    [Fact]
    public void Exchanges_are_begun_at_uneven_times_between_half_the_interval_and_the_whole()
    {
        var times = new List<ulong>();
        for (var now = 0UL; times.Count < 200; now += 10)
        {
            if (_sampler.TryBegin(now, ref _prng, out var partner))
            {
                _sampler.Give(partner.Tail, Record(0), now, ref _prng);
                _sampler.Take(partner.Tail, [new(Record(1), 0)], now, ref _prng);
                times.Add(now);
            }
        }

        var pauses = times.Skip(1).Zip(times.Skip(2), (first, second) => second - first).ToList();
        Assert.All(pauses, pause => Assert.InRange(pause, 10_000UL, 20_010UL));
        Assert.True(pauses.Max() - pauses.Min() > 8_000);
    }

    private static SignedRecord Record(int peer) => new(Peers.Record(peer), new byte[270], IsLeave: false);
}
