using Wetware.Core;
using Wetware.Protocol.Crawls;
using Wetware.Protocol.Queues;
using Wetware.Queue;
using Property = Wetware.Testing.Property;

namespace Wetware.Crawler.Tests;

/// <summary>Politeness, retries, the robots cache and the step from a visit to a command, as functions of what they are told.</summary>
public class PolicyTests
{
    private static readonly CrawlPlan Plan = new(new TopicId(1), new TopicId(2), new CrawlScope([Url("/")], depthMax: 3), RetryPolicy.Default, "wetware");

    private static readonly LeasedMessage Lease = new(new LeaseToken(5, 1), Attempts: 1, Deadline: 0, default);

    [Fact]
    public void Hosts_are_asked_no_sooner_and_by_no_more_at_a_time_than_allowed()
    {
        // Random arrivals over three hosts, checked against the two sentences of the promise.
        var prng = new Prng(Property.Seed());
        var politeness = new Politeness(delayMilliseconds: 100, concurrencyMax: 2);
        var started = new Dictionary<string, ulong>(StringComparer.Ordinal);
        var active = new Dictionary<string, int>(StringComparer.Ordinal);
        var begun = 0;
        for (var now = 0UL; now < 20_000; now += prng.Below(30))
        {
            var host = "h" + prng.Below(3);
            var delay = host == "h2" ? 250u : 100u;
            if (prng.Chance(0.5) && active.GetValueOrDefault(host) > 0)
            {
                politeness.Leave(host);
                active[host]--;
            }
            else if (politeness.TryEnter(host, now, host == "h2" ? 250u : 0, out var wait))
            {
                begun++;
                active[host] = active.GetValueOrDefault(host) + 1;
                Assert.True(active[host] <= 2);
                Assert.True(!started.TryGetValue(host, out var last) || now >= last + delay, $"{host} at {now}, before at {last}");
                started[host] = now;
            }
            else
            {
                Assert.True(wait > 0);
                Assert.True(active.GetValueOrDefault(host) == 2 || now + wait == started[host] + delay);
            }
        }

        Assert.True(begun > 200);
    }

    [Fact]
    public void Hosts_are_forgotten_but_never_while_visited()
    {
        var politeness = new Politeness(0, 1);
        Assert.True(politeness.TryEnter("kept", 0, 0, out _));
        for (var i = 0; i < Limits.HostsMax + 100; i++)
        {
            Assert.True(politeness.TryEnter($"h{i}", 0, 0, out _));
            politeness.Leave($"h{i}");
        }

        Assert.Equal(Limits.HostsMax, politeness.Count);
        Assert.False(politeness.TryEnter("kept", 0, 0, out _));
        politeness.Leave("kept");
    }

    [Fact]
    public void Robots_are_believed_for_a_day_and_trouble_for_a_minute()
    {
        var cache = new RobotsCache();
        cache.Add("http://a", RobotsRules.AllowAll, now: 0);
        cache.Add("http://b", RobotsRules.DisallowAll, now: 0);
        Assert.Same(RobotsRules.AllowAll, cache.Find("http://a", Limits.RobotsCacheMilliseconds - 1));
        Assert.Null(cache.Find("http://a", Limits.RobotsCacheMilliseconds));
        Assert.Same(RobotsRules.DisallowAll, cache.Find("http://b", Limits.RobotsRetryMilliseconds - 1));
        Assert.Null(cache.Find("http://b", Limits.RobotsRetryMilliseconds));
        Assert.Null(cache.Find("http://c", 0));
    }

    [Fact]
    public void Pauses_double_up_to_their_limit_and_heed_the_server_within_it()
    {
        var policy = new RetryPolicy(AttemptsMax: 30, PauseMilliseconds: 100, PauseMillisecondsMax: 5000);
        for (var attempt = 1u; attempt < 30; attempt++)
        {
            Assert.True(policy.ShouldRetry(Failed(503), attempt, Url("/x"), out var delay));
            var full = Math.Min(100UL << (int)Math.Min(attempt - 1, 20), 5000);
            Assert.InRange(delay, full * 3 / 4, full);
        }

        Assert.False(policy.ShouldRetry(Failed(503), 30, Url("/x"), out _));
        Assert.True(policy.ShouldRetry(Failed(429) with { RetryAfterMilliseconds = 3000 }, 1, Url("/x"), out var asked));
        Assert.Equal(3000u, asked);
        Assert.True(policy.ShouldRetry(Failed(429) with { RetryAfterMilliseconds = ulong.MaxValue }, 1, Url("/x"), out asked));
        Assert.Equal(5000u, asked);
    }

    [Theory]
    [InlineData(FetchProblem.None, 500, true)]
    [InlineData(FetchProblem.None, 429, true)]
    [InlineData(FetchProblem.None, 404, false)]
    [InlineData(FetchProblem.None, 501, false)]
    [InlineData(FetchProblem.None, 200, false)]
    [InlineData(FetchProblem.Timeout, 0, true)]
    [InlineData(FetchProblem.RobotsDisallow, 0, false)]
    [InlineData(FetchProblem.TooLarge, 200, false)]
    [InlineData(FetchProblem.TlsFailed, 0, false)]
    public void Only_what_may_pass_is_tried_again(FetchProblem problem, int status, bool again) =>
        Assert.Equal(again, RetryPolicy.Default.ShouldRetry(Failed(status) with { Problem = problem }, 1, Url("/x"), out _));

    [Fact]
    public void A_page_becomes_one_transaction()
    {
        var visit = Failed(200) with
        {
            ContentType = "text/html",
            Body = "<title>t</title><a href=b><a href=b#x><a href=http://else.example/><a href=page>"u8.ToArray(),
        };
        var decision = CrawlStep.Decide(Plan, Lease, new UrlTask(Url("/page"), 2, "r"), visit);
        Assert.Equal([OperationKind.Ack, OperationKind.Enqueue, OperationKind.Enqueue], decision.Command.Operations.Select(o => o.Kind));
        Assert.Equal([Plan.Urls, Plan.Urls, Plan.Results], decision.Command.Operations.Select(o => o.Topic));
        Assert.True(CrawlCodec.TryDecodeTask(decision.Command.Operations[1].Payload, out var found));
        Assert.Equal((Url("/b"), 3u, Url("/page").Text), (found.Url, found.Depth, found.Referrer));
        Assert.True(PageItemCodec.TryDecode(decision.Command.Operations[2].Payload, out var item));
        Assert.Equal(("t", 1u, 2u, "r", PageOutcome.Page), (item.Title, item.Links, item.Depth, item.Referrer, item.Outcome));
        Assert.Equal(item with { ContentHash = default }, decision.Item! with { ContentHash = default });
        Assert.Equal(decision.Item!.ContentHash.ToArray(), item.ContentHash.ToArray());

        // One link deeper the scope ends: the page counts, its links do not.
        Assert.Equal(0, CrawlStep.Decide(Plan, Lease, new UrlTask(Url("/page"), 3, "r"), visit).Links);
    }

    [Fact]
    public void A_failure_that_may_pass_only_hands_the_url_back()
    {
        var decision = CrawlStep.Decide(Plan, Lease, new UrlTask(Url("/page"), 2, "r"), Failed(503));
        var operation = Assert.Single(decision.Command.Operations);
        Assert.Equal((OperationKind.Nack, Plan.Urls, Lease.Token), (operation.Kind, operation.Topic, operation.Token));
        Assert.True(decision.IsRetry);
    }

    [Fact]
    public void A_tag_in_the_header_forbids_as_a_meta_element_does()
    {
        var visit = Failed(200) with { ContentType = "text/html", Body = "<a href=b>"u8.ToArray(), RobotsTag = "noindex, nofollow" };
        var decision = CrawlStep.Decide(Plan, Lease, new UrlTask(Url("/page"), 0, ""), visit);
        Assert.Equal((0, true), (decision.Links, decision.Item!.NoIndex));
    }

    [Theory]
    [InlineData(1, Limits.LinksPerPageMax)]
    [InlineData(500, 1700)]
    [InlineData(4000, 250)]
    public void The_largest_page_fits_one_command(int characters, int linksMin)
    {
        var body = new System.Text.StringBuilder();
        var filler = new string('x', characters);
        for (var i = 0; i < Limits.LinksPerPageMax; i++)
        {
            body.Append("<a href=").Append(i).Append(filler).Append('>');
        }

        var visit = Failed(200) with { ContentType = "text/html", Body = System.Text.Encoding.ASCII.GetBytes(body.ToString()) };
        var decision = CrawlStep.Decide(Plan, Lease, new UrlTask(Url("/" + filler), 0, filler), visit);
        Assert.True(decision.Links >= linksMin, $"{decision.Links} links");
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        QueueCodec.Encode(decision.Command, 0, 0, 0, bytes);
        Assert.True(bytes.WrittenCount <= QueueLimits.CommandBytesMax, $"{bytes.WrittenCount} bytes");
    }

    private static CanonicalUrl Url(string path)
    {
        Assert.True(CanonicalUrl.TryParse("http://site.example" + path, out var url));
        return url;
    }

    private static Visit Failed(int status) => new() { FinalUrl = Url("/page"), Status = status };
}
