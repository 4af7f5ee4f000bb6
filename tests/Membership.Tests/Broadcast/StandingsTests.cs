using Wetware.Membership.Broadcast;

namespace Wetware.Membership.Tests.Broadcast;

public class StandingsTests
{
    private const ulong Peer = 7;
    private readonly Standings _standings = new(0);

    [Fact]
    public void A_bad_signature_makes_a_link_lazy_and_three_silence_a_peer_until_most_is_forgotten()
    {
        _standings.Blame(Peer, Offence.BadSignature);
        Assert.True(_standings.IsLazy(Peer));
        Assert.False(_standings.IsIgnored(Peer));
        _standings.Blame(Peer, Offence.Malformed);
        _standings.Blame(Peer, Offence.BadSignature);
        Assert.True(_standings.IsIgnored(Peer));
        _standings.Tick(Limits.StandingHalfLifeMs);
        Assert.True(_standings.IsIgnored(Peer));
        Assert.Equal(-45, _standings.Of(Peer), precision: 6);
        _standings.Tick(4 * Limits.StandingHalfLifeMs);
        Assert.False(_standings.IsIgnored(Peer) || _standings.IsLazy(Peer));
    }

    [Fact]
    public void However_bad_a_peer_was_it_is_heard_again_within_a_minute_and_then_forgotten()
    {
        for (var i = 0; i < 1_000; i++)
        {
            _standings.Blame(Peer, Offence.BadSignature);
        }

        Assert.Equal(Limits.StandingMin, _standings.Of(Peer));
        _standings.Tick(60_000);
        Assert.False(_standings.IsIgnored(Peer));
        _standings.Tick(300_000);
        Assert.Equal(0, _standings.Count);
    }

    [Fact]
    public void Repeating_oneself_makes_a_link_lazy_but_never_silences()
    {
        for (var i = 0; i < 100_000; i++)
        {
            _standings.Blame(Peer, Offence.Duplicate);
        }

        Assert.True(_standings.IsLazy(Peer));
        Assert.False(_standings.IsIgnored(Peer));
    }

    [Fact]
    public void A_peer_has_its_burst_and_its_rate_and_what_is_beyond_is_held_against_it()
    {
        var heard = 0;
        for (var i = 0; i < Limits.PeerFramesBurst + 1_000; i++)
        {
            heard += _standings.TryFrame(Peer) ? 1 : 0;
        }

        Assert.Equal(Limits.PeerFramesBurst, heard);
        Assert.True(_standings.IsIgnored(Peer));
        Assert.True(_standings.TryFrame(Peer + 1));
        _standings.Tick(1_000);
        heard = 0;
        for (var i = 0; i < 2 * Limits.PeerFramesPerSecondMax; i++)
        {
            heard += _standings.TryFrame(Peer) ? 1 : 0;
        }

        Assert.InRange(heard, Limits.PeerFramesPerSecondMax - 1, Limits.PeerFramesPerSecondMax + 1);
    }
}
