using System.Net;
using Wetware.Core;
using Wetware.Membership.Boot;
using Wetware.Testing;

namespace Wetware.Membership.Tests.Boot;

public class BootRulesTests
{
    [Fact]
    public void A_survey_of_distance_zero_is_answered_only_by_the_same_last_bytes()
    {
        Assert.True(SurveyRule.Answers(Id(1, 2, 3, 4), Id(1, 2, 3, 4), 0));
        Assert.False(SurveyRule.Answers(Id(0, 2, 3, 4), Id(1, 2, 3, 4), 0));
        Assert.True(SurveyRule.Answers(Id(0, 2, 3, 4), Id(1, 2, 3, 4), 1));
    }

    [Fact]
    public void The_last_byte_counts_most()
    {
        // The highest bit of the very last byte is bit 31.
        Assert.False(SurveyRule.Answers(Id(0, 0, 0, 0x80), Id(0, 0, 0, 0), 31));
        Assert.True(SurveyRule.Answers(Id(0, 0, 0, 0x7F), Id(0, 0, 0, 0), 31));
        Assert.True(SurveyRule.Answers(Id(0xFF, 0xFF, 0xFF, 0), Id(0, 0, 0, 0), 24));
        Assert.False(SurveyRule.Answers(Id(0, 0, 0, 1), Id(0, 0, 0, 0), 24));
    }

    [Theory]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(255)]
    public void From_distance_32_on_everybody_answers(byte distance) =>
        Assert.True(SurveyRule.Answers(Id(0xFF, 0xFF, 0xFF, 0xFF), Id(0, 0, 0, 0), distance));

    [Fact]
    public void A_lone_peer_is_asked_in_well_under_thirty_seconds_and_then_the_survey_stops()
    {
        var survey = new GradualSurvey(0);
        var distances = new List<byte>();
        var now = 0UL;
        for (; now < 30_000 && (distances.Count == 0 || distances[^1] < 32); now += 50)
        {
            if (survey.TryAsk(now, out var distance))
            {
                distances.Add(distance);
            }
        }

        Assert.Equal(new byte[] { 0, 4, 8, 12, 16, 20, 24, 28, 32 }, distances);
        Assert.InRange(now, 0UL, 10_000UL);
        survey.Found();
        Assert.False(survey.TryAsk(now + 1_000_000, out _));
    }

    [Fact]
    public void A_lost_question_to_everybody_is_asked_again_ever_more_rarely()
    {
        var survey = new GradualSurvey(0);
        var times = new List<ulong>();
        for (var now = 0UL; now < 120_000; now += 50)
        {
            if (survey.TryAsk(now, out var distance) && distance == 32)
            {
                times.Add(now);
            }
        }

        Assert.True(times.Count is > 6 and < 20, $"{times.Count} questions");
        var gaps = times.Zip(times.Skip(1), (a, b) => b - a).ToList();
        Assert.Equal(gaps.Order(), gaps);
        Assert.InRange(gaps[^1], 14_000UL, 15_100UL);
    }

    [Theory]
    [InlineData("10.0.1.7", 24, 254)]
    [InlineData("10.0.1.7", 21, 2046)]
    [InlineData("fe80::1", 120, 254)]
    [InlineData("fe80::1", 117, 2046)]
    [InlineData("10.0.1.6", 30, 2)]
    [InlineData("10.0.1.7", 31, 2)]
    [InlineData("10.0.1.7", 32, 1)]
    public void A_network_is_crawled_once_each_in_no_order_without_its_own_and_broadcast_address(string any, int bits, int count)
    {
        var prng = new Prng(Property.Seed());
        var range = new AddressRange(IPAddress.Parse(any), bits, ref prng);
        var seen = new List<string>();
        while (range.TryNext(out var address))
        {
            seen.Add(address.ToString());
        }

        Assert.Equal(count, seen.Count);
        Assert.Equal(count, seen.Distinct().Count());
        Assert.Contains(IPAddress.Parse(any).ToString(), seen);
        Assert.DoesNotContain(seen, address => bits < 31 && (address.EndsWith(".1.0", StringComparison.Ordinal) && bits == 24));
        Assert.DoesNotContain(seen, address => bits == 24 && address.EndsWith(".255", StringComparison.Ordinal));
    }

    [Fact]
    public void A_network_that_is_too_wide_is_refused()
    {
        var prng = new Prng(1);
        Assert.Throws<MembershipException>(() => new AddressRange(IPAddress.Loopback, 7, ref prng));
        Assert.Throws<MembershipException>(() => new AddressRange(IPAddress.Loopback, 33, ref prng));
    }

    [Theory]
    [InlineData(0, 0, 64_512)]
    [InlineData(8000, 8010, 11)]
    [InlineData(65535, 65535, 1)]
    public void A_range_of_ports_is_tried_once_each(int low, int high, int count)
    {
        var prng = new Prng(Property.Seed());
        var range = new PortRange(low, high, ref prng);
        var seen = new HashSet<int>();
        while (range.TryNext(out var port))
        {
            Assert.True(seen.Add(port));
            Assert.InRange(port, low == 0 ? 1024 : low, high == 0 ? 65535 : high);
        }

        Assert.Equal(count, seen.Count);
    }

    [Theory]
    [InlineData("/ip4/10.0.0.1/tcp/2020", BootKind.Static)]
    [InlineData("/unix/run/ww.sock", BootKind.Static)]
    [InlineData("/ip4/10.0.0.1/udp/1/quic-v1/p2p/QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N", BootKind.Static)]
    [InlineData(BootTarget.Default, BootKind.Survey)]
    [InlineData("/ip4/228.8.8.8/udp/8822/multicast/eth0/survey", BootKind.GradualSurvey)]
    [InlineData("/ip6/ff02::1/udp/8822/multicast/eth0", BootKind.Survey)]
    [InlineData("/ip4/10.0.1.0/udp/8822/cidr/24", BootKind.Crawl)]
    [InlineData("/ip4/10.0.1.7/udp/8822", BootKind.Port)]
    public void One_syntax_chooses_among_the_ways(string text, BootKind kind)
    {
        Assert.True(BootTarget.TryParse(text, out var target, out var error), error);
        Assert.Equal(kind, target.Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("/ip4/10.0.0.1")]
    [InlineData("/ip4/10.0.0.1/udp/1/multicast/lo")]
    [InlineData("/ip4/10.0.0.1/udp/1/cidr/33")]
    [InlineData("/ip4/228.8.8.8/udp/1/cidr/24/multicast/lo")]
    [InlineData("/dns/example.org/udp/1/cidr/24")]
    public void Anything_else_gets_a_reason(string text)
    {
        Assert.False(BootTarget.TryParse(text, out _, out var error));
        Assert.NotEmpty(error);
    }

    private static PeerId Id(byte a, byte b, byte c, byte d)
    {
        var multihash = new byte[34];
        (multihash[0], multihash[1]) = (0x12, 0x20);
        (multihash[^4], multihash[^3], multihash[^2], multihash[^1]) = (a, b, c, d);
        Assert.True(PeerId.TryFromBytes(multihash, out var id));
        return id;
    }
}
