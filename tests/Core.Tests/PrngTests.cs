using Wetware.Testing;

namespace Wetware.Core.Tests;

public class PrngTests
{
    [Fact]
    public void The_same_seed_gives_the_same_sequence()
    {
        var seed = Property.Seed();
        var one = new Prng(seed);
        var two = new Prng(seed);
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(one.Next(), two.Next());
        }
    }

    [Fact]
    public void Below_reaches_every_value_about_equally_often()
    {
        var prng = new Prng(Property.Seed());
        Span<int> counts = stackalloc int[7];
        for (var i = 0; i < 70_000; i++)
        {
            counts[(int)prng.Below(7)]++;
        }

        foreach (var count in counts)
        {
            // Ten thousand expected, standard deviation about 93: eight of them away is a bug, not chance.
            Assert.InRange(count, 9_250, 10_750);
        }
    }
}
