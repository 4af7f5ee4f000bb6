using Wetware.Testing;

namespace Wetware.Core.Tests;

public class TokenBucketTests
{
    /// <summary>What went through, when, and what it cost.</summary>
    private readonly record struct Pass(TimeSpan At, long Tokens);

    [Fact]
    public void No_span_of_time_sees_more_than_its_rate_and_a_burst_however_tokens_are_asked_for()
    {
        var seed = Property.Seed();
        for (var run = 0UL; run < 200; run++)
        {
            var random = new Prng(seed + run);
            var bits = random.Between(0, 38);
            var (rate, burst) = (1L << random.Between(Math.Max(0, bits - 20), 38), 1L << bits);
            var now = TimeSpan.FromTicks((long)random.Below(1L << 40));
            var bucket = new TokenBucket(rate, burst, now);
            var passed = new List<Pass>();
            for (var i = 0; i < 300; i++)
            {
                now += Rest(ref random, rate, burst);
                var tokens = 1 + (long)random.Below((ulong)burst);
                if (random.Chance(0.5))
                {
                    now += bucket.Take(tokens, now);
                    passed.Add(new(now, tokens));
                }
                else if (bucket.TryTake(tokens, now))
                {
                    passed.Add(new(now, tokens));
                }
            }

            AssertBounded(passed, rate, burst, $"seed {seed + run}");
        }
    }

    [Fact]
    public void What_is_asked_for_again_and_again_passes_as_soon_as_the_rate_allows_it_and_not_before()
    {
        var seed = Property.Seed();
        for (var run = 0UL; run < 200; run++)
        {
            var random = new Prng(seed + run);
            var (rate, burst) = (1L << random.Between(0, 20), 1L << random.Between(0, 20));
            var now = TimeSpan.FromTicks((long)random.Below(1L << 40));
            var bucket = new TokenBucket(rate, burst, now);
            for (var i = 0; i < 100; i++)
            {
                var tokens = 1 + (long)random.Below((ulong)burst);
                var twin = bucket;
                var wait = twin.Take(tokens, now);
                Assert.True(wait.TotalSeconds <= (burst + tokens) / (double)rate, $"{wait} for {tokens} at {rate}; seed {seed + run}");
                if (wait > TimeSpan.Zero)
                {
                    Assert.False(bucket.TryTake(tokens, now), $"seed {seed + run}");
                    var early = bucket;
                    Assert.False(early.TryTake(tokens, now + wait - TimeSpan.FromTicks(1)), $"seed {seed + run}");
                }

                now += wait;
                Assert.True(bucket.TryTake(tokens, now), $"seed {seed + run}");
            }
        }
    }

    [Fact]
    public void Whoever_always_has_more_gets_all_of_the_rate()
    {
        var seed = Property.Seed();
        for (var run = 0UL; run < 100; run++)
        {
            var random = new Prng(seed + run);
            var (rate, burst) = (1L << random.Between(0, 30), 1L << random.Between(7, 20));
            var (now, total) = (TimeSpan.Zero, 0L);
            var bucket = new TokenBucket(rate, burst, now);
            for (var i = 0; i < 1_000; i++)
            {
                var tokens = 1 + (long)random.Below((ulong)burst);
                now += bucket.Take(tokens, now);
                total += tokens;
            }

            // The last wait is rounded up to a tick.
            Assert.True((Int128)total * TimeSpan.TicksPerSecond >= (Int128)rate * (now.Ticks - 1),
                $"{total} in {now} at {rate}; seed {seed + run}");
        }
    }

    [Fact]
    public void A_rest_however_long_is_made_up_for_by_no_more_than_a_burst()
    {
        var bucket = new TokenBucket(tokensPerSecond: 10, tokensMax: 3, TimeSpan.Zero);
        foreach (var now in new[] { TimeSpan.Zero, TimeSpan.FromHours(1), TimeSpan.MaxValue })
        {
            Assert.True(bucket.IsFull(now));
            Assert.Equal(3, Enumerable.Range(0, 10).Count(_ => bucket.TryTake(1, now)));
            Assert.False(bucket.IsFull(now));
        }
    }

    [Fact]
    public void A_clock_that_goes_back_brings_nothing_and_takes_nothing()
    {
        var bucket = new TokenBucket(tokensPerSecond: 10, tokensMax: 1, TimeSpan.FromSeconds(9));
        Assert.True(bucket.TryTake(1, TimeSpan.FromSeconds(9)));
        Assert.False(bucket.TryTake(1, TimeSpan.FromSeconds(3)));
        Assert.False(bucket.TryTake(1, TimeSpan.FromSeconds(9.099)));
        Assert.True(bucket.TryTake(1, TimeSpan.FromSeconds(9.1)));
    }

    [Fact]
    public void Nobody_can_ask_for_more_than_a_bucket_holds()
    {
        var bucket = new TokenBucket(tokensPerSecond: 10, tokensMax: 3, TimeSpan.Zero);
        Assert.Throws<InvariantException>(() => bucket.Take(4, TimeSpan.Zero));
        Assert.Throws<InvariantException>(() => bucket.TryTake(0, TimeSpan.Zero));
    }

    private static TimeSpan Rest(ref Prng random, long rate, long burst) =>
        random.Chance(0.3) ? TimeSpan.Zero : TimeSpan.FromSeconds(random.NextDouble() * 2 * burst / rate);

    /// <summary>Every span from one that passed to another, both ticks counted in, in whole numbers.</summary>
    private static void AssertBounded(List<Pass> passed, long rate, long burst, string seed)
    {
        for (var first = 0; first < passed.Count; first++)
        {
            var sum = (Int128)0;
            for (var last = first; last < passed.Count; last++)
            {
                sum += passed[last].Tokens;
                var allowed = ((Int128)rate * ((passed[last].At - passed[first].At).Ticks + 1)) + ((Int128)burst * TimeSpan.TicksPerSecond);
                Assert.True(sum * TimeSpan.TicksPerSecond <= allowed,
                    $"{sum} tokens where {allowed / TimeSpan.TicksPerSecond} are allowed; {seed}");
            }
        }
    }
}
