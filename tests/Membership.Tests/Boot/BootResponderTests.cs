using Wetware.Core.Multiformats;
using Wetware.Membership.Boot;
using Wetware.Core.Identity;

namespace Wetware.Membership.Tests.Boot;

public sealed class BootResponderTests : IDisposable
{
    private readonly PeerKey _ours = PeerKey.Create();
    private readonly PeerKey _theirs = PeerKey.Create();
    private readonly BootResponder _here;
    private readonly BootResponder _there;

    public BootResponderTests()
    {
        _here = new BootResponder(_ours, 0);
        _there = new BootResponder(_theirs, 0);
        _here.SetAddresses([Multiaddr.Parse("/ip4/10.0.0.1/tcp/2020")]);
        _here.Advertise("ww", 0);
    }

    public void Dispose()
    {
        _here.Dispose();
        _there.Dispose();
        _ours.Dispose();
        _theirs.Dispose();
    }

    [Fact]
    public void A_survey_of_everybody_is_answered_to_the_group_with_our_addresses()
    {
        Assert.Equal(BootSend.ToGroup, _here.Receive(_there.Ask(BootPacketKind.Survey, "ww", 255), 1, out _, out var answer));
        Assert.Equal(BootSend.Nothing, _there.Receive(answer!, 2, out var packet, out _));
        Assert.Equal(_ours.Peer, packet!.Peer);
        Assert.Equal("/ip4/10.0.0.1/tcp/2020/p2p/" + _ours.Peer, Assert.Single(BootResponder.Addresses(packet, "ww")).ToString());
        Assert.Empty(BootResponder.Addresses(packet, "other"));
    }

    [Fact]
    public void A_request_is_answered_to_its_sender() =>
        Assert.Equal(BootSend.ToSender, _here.Receive(_there.Ask(BootPacketKind.Request, "ww", 0), 1, out _, out _));

    [Fact]
    public void Our_own_packets_and_those_of_other_namespaces_are_ignored()
    {
        Assert.Equal(BootSend.Nothing, _here.Receive(_here.Ask(BootPacketKind.Survey, "ww", 255), 1, out var own, out _));
        Assert.Null(own);
        Assert.Equal(BootSend.Nothing, _here.Receive(_there.Ask(BootPacketKind.Survey, "other", 255), 1, out _, out _));
        Assert.Equal(2, _here.Ignored);
    }

    [Fact]
    public void Forged_garbled_and_oversized_packets_are_refused()
    {
        var forged = _there.Ask(BootPacketKind.Request, "ww", 0);
        forged[^1] ^= 1;
        Assert.Equal(BootSend.Nothing, _here.Receive(forged, 1, out _, out _));
        Assert.Equal(BootSend.Nothing, _here.Receive([1, 2, 3], 1, out _, out _));
        Assert.Equal(BootSend.Nothing, _here.Receive(new byte[Limits.BootDatagramBytesMax + 1], 1, out _, out _));
        Assert.Equal(3, _here.Refused);
    }

    [Fact]
    public void An_advertisement_expires()
    {
        var ttl = _here.Advertise("ww", 0);
        var question = _there.Ask(BootPacketKind.Request, "ww", 0);
        Assert.Equal(BootSend.ToSender, _here.Receive(question, ttl - 1, out _, out _));
        Assert.Equal(BootSend.Nothing, _here.Receive(question, ttl, out _, out _));
    }

    [Fact]
    public void An_answer_follows_a_change_of_address()
    {
        var question = _there.Ask(BootPacketKind.Request, "ww", 0);
        _here.Receive(question, 1, out _, out var before);
        _here.Receive(question, 2, out _, out var again);
        Assert.Same(before, again);
        _here.SetAddresses([Multiaddr.Parse("/ip4/10.9.9.9/tcp/1")]);
        _here.Receive(question, 3, out _, out var after);
        _there.Receive(after!, 4, out var packet, out _);
        Assert.Equal("/ip4/10.9.9.9/tcp/1/p2p/" + _ours.Peer, Assert.Single(BootResponder.Addresses(packet!, "ww")).ToString());
    }

    [Fact]
    public void Answers_are_limited_in_rate()
    {
        var question = _there.Ask(BootPacketKind.Request, "ww", 0);
        var answers = Enumerable.Range(0, 100).Count(_ => _here.Receive(question, 1, out var _, out var _) == BootSend.ToSender);
        Assert.InRange(answers, 1, 10);
        Assert.Equal(100 - answers, _here.Throttled);
    }

    [Fact]
    public void Nothing_can_be_advertised_without_an_address() =>
        Assert.Throws<MembershipException>(() => _there.Advertise("ww", 0));
}
