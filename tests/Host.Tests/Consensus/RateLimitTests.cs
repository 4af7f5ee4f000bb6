using Wetware.Core;
using Wetware.Host.Consensus;
using Wetware.Testing;

namespace Wetware.Host.Tests.Consensus;

public sealed class RateLimitTests
{
    [Fact]
    public void No_span_of_time_sees_more_than_the_rate_allows_and_a_busy_sender_gets_all_of_it()
    {
        var seed = Property.Seed();
        for (var run = 0UL; run < 100; run++)
        {
            var random = new Prng(seed + run);
            var rate = 1L << random.Between(10, 30);
            var limit = new RateLimit(rate);
            var (now, left, total) = (TimeSpan.FromSeconds(random.Below(100)), new List<(double At, int Bytes)>(), 0L);
            var restless = random.Chance(0.3);
            for (var i = 0; i < 300; i++)
            {
                var bytes = random.Between(1, 1 << 16);
                now += limit.Take(bytes, now);
                left.Add((now.TotalSeconds, bytes));
                total += bytes;
                now += restless ? TimeSpan.Zero : TimeSpan.FromSeconds(random.NextDouble() * bytes / rate);
            }

            for (var first = 0; first < left.Count; first++)
            {
                var sum = 0L;
                for (var last = first; last < left.Count; last++)
                {
                    sum += left[last].Bytes;
                    var allowed = ((left[last].At - left[first].At + RateLimit.Burst.TotalSeconds) * rate) + left[last].Bytes;
                    Assert.True(sum <= allowed + 1, $"{sum} bytes where {allowed} are allowed; seed {seed + run}");
                }
            }

            if (restless)
            {
                var took = left[^1].At - left[0].At;
                Assert.True(total / (double)rate >= took - (left.Count / (double)TimeSpan.TicksPerSecond), $"{total} bytes in {took} s at {rate}; seed {seed + run}");
            }
        }
    }

    [Fact]
    public void A_rest_is_made_up_for_by_no_more_than_a_burst()
    {
        var limit = new RateLimit(1_000_000);
        Assert.Equal(TimeSpan.Zero, limit.Take(100_000, TimeSpan.FromHours(1)));
        Assert.Equal(TimeSpan.Zero, limit.Take(500_000, TimeSpan.FromHours(1)));
        Assert.Equal(TimeSpan.FromSeconds(0.5), limit.Take(1, TimeSpan.FromHours(1)));
    }
}
