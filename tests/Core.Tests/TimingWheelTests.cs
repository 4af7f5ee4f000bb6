using Wetware.Testing;

namespace Wetware.Core.Tests;

public class TimingWheelTests
{
    [Fact]
    public void It_agrees_with_a_sorted_list_under_any_sequence_of_calls()
    {
        var prng = new Prng(Property.Seed());
        for (var round = 0; round < 200; round++)
        {
            Compare(prng.Fork(), round);
        }
    }

    [Fact]
    public void A_deadline_that_has_passed_falls_due_at_once_even_before_time_moves()
    {
        var wheel = new TimingWheel(100);
        wheel.Set(3, 100);
        Assert.True(wheel.TryExpire(100, out var id));
        Assert.Equal(3, id);
        Assert.False(wheel.TryExpire(100, out _));
        Assert.Equal(0, wheel.Count);
    }

    [Fact]
    public void The_furthest_deadline_does_not_fall_due_early()
    {
        var wheel = new TimingWheel(5);
        wheel.Set(0, ulong.MaxValue);
        Assert.False(wheel.TryExpire(ulong.MaxValue - 1, out _));
        Assert.True(wheel.TryExpire(ulong.MaxValue, out _));
    }

    [Fact]
    public void Setting_moving_and_expiring_allocate_nothing()
    {
        var wheel = new TimingWheel();
        for (var id = 0; id < 1_000; id++)
        {
            wheel.Set(id, (ulong)id);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var now = 0UL; now < 10_000; now += 7)
        {
            while (wheel.TryExpire(now, out var id))
            {
                wheel.Set(id, now + 1_000 + ((ulong)id % 50));
                wheel.Set(id, now + 500);
            }
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void Compare(Prng prng, int round)
    {
        var start = round % 3 == 0 ? 0 : prng.Next() >> (int)prng.Below(60);
        var now = start;
        var wheel = new TimingWheel(now);
        var model = new Dictionary<int, ulong>();
        for (var step = 0; step < 300; step++)
        {
            var id = (int)prng.Below(40);
            switch (prng.Below(4))
            {
                case 0 or 1:
                    var deadline = now + (prng.Next() >> (int)prng.Between(24, 63));
                    wheel.Set(id, deadline);
                    model[id] = deadline;
                    break;
                case 2:
                    Assert.Equal(model.Remove(id), wheel.Cancel(id));
                    break;
                default:
                    now += prng.Next() >> (int)prng.Between(26, 63);
                    while (wheel.TryExpire(now, out var due))
                    {
                        Assert.True(model.Remove(due, out var was), $"{due} had no deadline");
                        Assert.True(was <= now, $"{due} fell due at {now}, not {was}");
                    }

                    Assert.DoesNotContain(model.Values, left => left <= now);
                    break;
            }

            Assert.Equal(model.Count, wheel.Count);
            foreach (var (known, at) in model)
            {
                Assert.Equal(at, wheel.Deadline(known));
            }
        }
    }
}
