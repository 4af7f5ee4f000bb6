using FsCheck;
using FsCheck.Fluent;
using Wetware.Core;
using Wetware.Rpc.Flow;
using Wetware.Testing;

namespace Wetware.Rpc.Tests;

public sealed class FlowTests
{
    public static TheoryData<double, double> Links
    {
        get
        {
            var links = new TheoryData<double, double>();
            foreach (var megabits in new[] { 1.0, 10, 100, 1000, 10_000, 100_000 })
            {
                foreach (var microseconds in new[] { 10.0, 100, 1000, 10_000, 100_000, 300_000 })
                {
                    links.Add(megabits, microseconds);
                }
            }

            return links;
        }
    }

    [Theory]
    [MemberData(nameof(Links))]
    public void Bbr_fills_the_line_and_queues_little(double megabitsPerSecond, double roundTripMicroseconds)
    {
        var rate = megabitsPerSecond * 1e6 / 8;
        var delay = roundTripMicroseconds / 1e6;
        var product = rate * delay;
        // Messages that keep the simulation to a few ten thousand events whatever the line.
        var size = Math.Clamp((long)(product / 200), 4096, 1 << 20);
        var flow = new BbrWindow();
        var link = new SimulatedLink(flow, rate, delay, () => size);
        var messageTime = size / rate;
        link.Run(Math.Max(60 * delay, 60 * messageTime));
        var share = link.Run(Math.Max(60 * delay, 200 * messageTime));
        // Beyond the largest window, the window is what limits.
        var reachable = Math.Min(1.0, Limits.WindowBytesMax / (product + (2 * size)));
        Assert.True(share >= 0.9 * reachable, $"used {share:P0} of the line");
        var bound = Limits.WindowBytesMin + (2 * size) + (2.2 * (product + size));
        Assert.True(link.MostInFlight <= bound, $"{link.MostInFlight} bytes under way on a line that holds {product:F0}");
        Assert.NotEqual(BbrPhase.Startup, flow.Phase);
    }

    [Fact]
    public void Bbr_finds_the_new_rate_when_the_line_changes()
    {
        var flow = new BbrWindow();
        var slow = new SimulatedLink(flow, 10e6, 0.02, () => 8192);
        slow.Run(3);
        Assert.InRange(flow.RateBytesPerSecond, 9e6, 11e6);
    }

    [Fact]
    public void An_application_that_sends_little_does_not_shrink_the_rate()
    {
        var flow = new BbrWindow();
        new SimulatedLink(flow, 100e6, 0.01, () => 16384).Run(2);
        var learned = flow.RateBytesPerSecond;
        Assert.InRange(learned, 90e6, 110e6);
    }

    [Fact]
    public void A_message_larger_than_the_window_still_goes()
    {
        var flow = new BbrWindow();
        var stamp = flow.Sent(100_000_000, 1, false);
        Assert.True(flow.WindowBytes > 100_000_000);
        flow.Returned(in stamp, 2);
    }

    // Whatever the order and the times of the answers, the window stays within its bounds.
    [Fact]
    public void The_window_is_never_below_the_floor_nor_above_the_ceiling()
    {
        Testing.Property.Check(ArbMap.Default.GeneratorFor<ulong>(), (Action<ulong>)(seed =>
        {
            var prng = new Prng(seed);
            var flow = new BbrWindow();
            var under = new List<FlowStamp>();
            var now = 0L;
            var largest = 0L;
            for (var i = 0; i < 500; i++)
            {
                now += (long)prng.Below(1UL << prng.Between(0, 40));
                if (under.Count == 0 || prng.Chance(0.5))
                {
                    var bytes = 1 + (long)prng.Below(1UL << prng.Between(0, 26));
                    largest = Math.Max(largest, bytes);
                    under.Add(flow.Sent(bytes, now, prng.Chance(0.5)));
                }
                else
                {
                    var index = (int)prng.Below((ulong)under.Count);
                    var stamp = under[index];
                    under.RemoveAt(index);
                    flow.Returned(in stamp, now);
                }

                Assert.InRange(flow.WindowBytes, Limits.WindowBytesMin, Limits.WindowBytesMax + Limits.WindowBytesMin + largest);
            }
        }));
    }

    [Fact]
    public void A_fixed_window_is_what_it_was_made()
    {
        var flow = new FixedWindow(1000);
        var stamp = flow.Sent(5000, 0, false);
        flow.Returned(in stamp, 1);
        Assert.Equal(1000, flow.WindowBytes);
        Assert.Throws<ArgumentOutOfRangeException>(() => new FixedWindow(0));
    }
}
