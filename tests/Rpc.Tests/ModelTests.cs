using Wetware.Fuzz.Rpc;
using Wetware.Testing;

namespace Wetware.Rpc.Tests;

public sealed class ModelTests
{
    private static int Cases => int.TryParse(Environment.GetEnvironmentVariable("WW_CASES"), out var cases) ? cases : 300;

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    public void Random_schedules_keep_order_and_leave_nothing_behind(int vats, bool cutsLines)
    {
        var seed = Property.Seed();
        for (var i = 0; i < Cases; i++)
        {
            try
            {
                using var model = new Model(seed, vats);
                model.Run(Enumerable.Range(0, Model.StepsOf(seed)), cutsLines);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"replay with WW_SEED={seed} WW_CASES=1: {failure.Message}", failure);
            }

            seed++;
        }
    }

    [Fact]
    public void A_failing_schedule_shrinks_to_the_steps_that_fail()
    {
        // The canary lets messages overtake one another.
        for (var seed = 0UL; seed < 400; seed++)
        {
            var steps = Model.StepsOf(seed);
            if (!Fails(seed, Enumerable.Range(0, steps)))
            {
                continue;
            }

            var needed = Shrinker.Shrink(steps, some => Fails(seed, some), triesMax: 2000);
            Assert.True(Fails(seed, needed));
            Assert.True(needed.Count < steps, $"all of {steps} steps are needed");
            foreach (var step in needed)
            {
                Assert.False(Fails(seed, needed.Where(other => other != step)), $"step {step} of seed {seed} is not needed");
            }

            return;
        }

        Assert.Fail("no seed lets the canary die");
    }

    private static bool Fails(ulong seed, IEnumerable<int> steps)
    {
        try
        {
            using var model = new Model(seed, vats: 2, isCanary: true);
            model.Run(steps, cutsLines: false);
            return false;
        }
        catch (Exception)
        {
            return true;
        }
    }
}
