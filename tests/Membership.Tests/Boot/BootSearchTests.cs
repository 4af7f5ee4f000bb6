using System.Net;
using Wetware.Core;
using Wetware.Core.Multiformats;
using Wetware.Membership.Boot;
using Wetware.Core.Identity;
using Wetware.Testing;

namespace Wetware.Membership.Tests.Boot;

public class BootSearchTests
{
    private const ulong StepMs = 50;

    [Theory]
    [InlineData("/ip4/10.0.1.0/udp/8822/cidr/24", 254, 256)]
    [InlineData("/ip4/10.0.8.0/udp/8822/cidr/21", 2_046, 256)]
    [InlineData("/ip4/127.0.0.1/udp/0", 64_512, 4_096)]
    public void A_crawl_asks_everybody_once_within_its_pass_and_no_faster_than_its_rate(string text, int count, int perSecond)
    {
        var search = Search(text, now: 0);
        var asked = new List<(ulong At, IPEndPoint To)>();
        for (var now = 0UL; now <= search.PassMs; now += StepMs)
        {
            while (search.TryAsk(now, out var question))
            {
                asked.Add((now, question.To));
                Assert.Equal(BootPacketKind.Request, question.Kind);
            }
        }

        Assert.Equal(count, asked.Select(question => question.To).Distinct().Count());
        Assert.Equal(count, asked.Count);
        for (var i = perSecond; i < asked.Count; i++)
        {
            Assert.True(asked[i].At - asked[i - perSecond].At > 500, $"{perSecond} requests from {asked[i - perSecond].At} to {asked[i].At} ms");
        }
    }

    [Fact]
    public void A_crawl_begins_again_after_a_pause_that_grows_until_somebody_is_found()
    {
        var search = Search("/ip4/10.0.1.7/udp/8822", now: 0);
        var asked = new List<ulong>();
        for (var now = 0UL; now <= 120_000; now += StepMs)
        {
            if (asked.Count == 8)
            {
                search.Found();
            }

            while (search.TryAsk(now, out _))
            {
                asked.Add(now);
            }
        }

        Assert.Equal(8, asked.Count);
        var pauses = asked.Zip(asked.Skip(1), (first, second) => second - first).ToArray();
        Assert.InRange(pauses[0], 1_000UL, 1_200UL);
        Assert.InRange(pauses[^1], 15_000UL, 15_200UL);
    }

    [Theory]
    [InlineData("/ip4/228.8.8.8/udp/8822/multicast/lo")]
    [InlineData("/ip4/228.8.8.8/udp/8822/multicast/lo/survey")]
    public void A_lone_peer_is_found_within_30_s_though_the_first_three_questions_that_it_would_answer_are_lost(string target)
    {
        using var asker = PeerKey.Create();
        using var answerer = FarFrom(asker);
        using var asking = new BootResponder(asker, 0);
        using var answering = new BootResponder(answerer, 0);
        answering.SetAddresses([Multiaddr.Parse("/ip4/127.0.0.1/tcp/1")]);
        answering.Advertise("ww", 0);
        var search = Search(target, now: 0);
        var (lost, foundAt, later) = (0, 0UL, 0);
        for (var now = 0UL; now <= 60_000; now += StepMs)
        {
            while (search.TryAsk(now, out var question))
            {
                later += foundAt > 0 ? 1 : 0;
                if (SurveyRule.Answers(answerer.Peer, asker.Peer, question.Distance) && ++lost <= 3)
                {
                    continue;
                }

                var datagram = asking.Ask(question.Kind, "ww", question.Distance);
                if (answering.Receive(datagram, now, out _, out var answer) == BootSend.ToGroup)
                {
                    asking.Receive(answer, now, out var packet, out _);
                    Assert.Equal(answerer.Peer, BootResponder.Addresses(packet!, "ww").Single().Peer);
                    search.Found();
                    foundAt = now;
                }
            }
        }

        Assert.InRange(foundAt, 1UL, 29_999UL);
        Assert.Equal(0, later);
    }

    [Fact]
    public void Of_many_who_begin_at_once_exactly_one_founds_and_the_others_join_it()
    {
        var prng = new Prng(Property.Seed());
        for (var round = 0; round < 20; round++)
        {
            using var group = new Group(2 + (int)prng.Below(5), ref prng);
            for (var now = 0UL; now < 60_000 && !group.IsDecided; now += StepMs)
            {
                group.Step(now, ref prng);
            }

            Assert.True(group.IsDecided);
            Assert.Equal(1, group.Founders);
        }
    }

    [Fact]
    public void An_answer_for_another_peer_than_its_signer_is_not_taken()
    {
        using var key = PeerKey.Create();
        using var other = PeerKey.Create();
        var named = Multiaddr.Parse("/ip4/127.0.0.1/tcp/1/p2p/" + other.Peer);
        var bare = Multiaddr.Parse("/ip4/127.0.0.1/tcp/2");
        var packet = new BootPacket(BootPacketKind.Response, "ww", key.Peer, 0, [named.Bytes.ToArray(), bare.Bytes.ToArray()]);
        Assert.Equal(["/ip4/127.0.0.1/tcp/2/p2p/" + key.Peer], BootResponder.Addresses(packet, "ww").Select(address => address.ToString()));
    }

    private static BootSearch Search(string text, ulong now)
    {
        Assert.True(BootTarget.TryParse(text, out var target, out _));
        return BootSearch.Create(target, seed: 7, now, pauseMsMax: 15_000)!;
    }

    /// <summary>A key that only a survey of everybody reaches.</summary>
    private static PeerKey FarFrom(PeerKey other)
    {
        while (true)
        {
            var key = PeerKey.Create();
            if (!SurveyRule.Answers(key.Peer, other.Peer, SurveyRule.Everybody - 1))
            {
                return key;
            }

            key.Dispose();
        }
    }

    /// <summary>Nodes with nobody to join that begin within ten seconds of each other, on a network that delays but does not lose.</summary>
    private sealed class Group : IDisposable
    {
        private readonly List<Newcomer> _nodes = [];
        private readonly PriorityQueue<(Newcomer To, BootPacket Packet), ulong> _wire = new();

        public Group(int count, ref Prng prng)
        {
            for (var i = 0; i < count; i++)
            {
                _nodes.Add(new Newcomer(PeerKey.Create(), prng.Below(10_000)));
            }
        }

        public bool IsDecided => _nodes.TrueForAll(node => node.Founds is not null);

        public int Founders => _nodes.Count(node => node.Founds == true);

        public void Step(ulong now, ref Prng prng)
        {
            while (_wire.TryPeek(out var next, out var at) && at <= now)
            {
                _wire.Dequeue();
                if (next.To.Hear(next.Packet, now) is { } answer)
                {
                    Send(next.To, answer, now, ref prng);
                }
            }

            foreach (var node in _nodes)
            {
                foreach (var packet in node.Tick(now))
                {
                    Send(node, packet, now, ref prng);
                }
            }
        }

        public void Dispose() => _nodes.ForEach(node => node.Key.Dispose());

        private void Send(Newcomer from, BootPacket packet, ulong now, ref Prng prng)
        {
            foreach (var node in _nodes.Where(node => node != from))
            {
                _wire.Enqueue((node, packet), now + prng.Below(300));
            }
        }
    }

    private sealed class Newcomer(PeerKey key, ulong startsAt)
    {
        private FoundingRule? _rule;
        private BootSearch? _search;

        public PeerKey Key { get; } = key;

        public bool? Founds { get; private set; }

        public BootPacket? Hear(BootPacket packet, ulong now)
        {
            _rule?.Hear(packet, now);
            return Founds is not null && packet.Kind != BootPacketKind.Response ? new BootPacket(BootPacketKind.Response, "ww", Key.Peer, 0, []) : null;
        }

        public List<BootPacket> Tick(ulong now)
        {
            var sent = new List<BootPacket>();
            if (now < startsAt)
            {
                return sent;
            }

            if (_rule is null)
            {
                Assert.True(BootTarget.TryParse(BootTarget.Default, out var target, out _));
                _search = BootSearch.Create(target, 1, now, pauseMsMax: 1_000);
                _rule = new FoundingRule(Key.Peer, "ww", 3_500, now);
            }

            if (_rule.Joins || _rule.Founds(now))
            {
                Founds ??= !_rule.Joins;
            }

            while (Founds is null && _search!.TryAsk(now, out var question))
            {
                sent.Add(new BootPacket(question.Kind, "ww", Key.Peer, question.Distance, []));
            }

            return sent;
        }
    }
}
