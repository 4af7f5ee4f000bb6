using Wetware.Fuzz.Linearizability;
using Wetware.Testing;

namespace Wetware.Fuzz.Tests;

/// <summary>The queue monitor against the search: on every small history, and on random ones with open operations.</summary>
public sealed class QueueMonitorTests
{
    [Fact]
    public void AgreesWithTheSearchOnSmallHistories()
    {
        var random = new Random((int)(Property.Seed() & int.MaxValue));
        var checker = new Checker<QueueContents, QueueCall>(new QueueModel());
        var monitor = new QueueMonitor();
        var verdicts = new int[3];
        for (var round = 0; round < 50_000; round++)
        {
            var history = Draw(random, 1 + random.Next(7));
            var searched = checker.Check(history, TimeSpan.FromMinutes(1)).Verdict;
            Assert.True(searched == monitor.Check(history), $"search says {searched}: {string.Join("; ", history)}");
            verdicts[(int)searched]++;
        }

        Assert.True(verdicts[1] > 1000 && verdicts[2] > 1000, "both verdicts occur");
    }

    [Theory]
    [InlineData(1, true, 5)]
    [InlineData(2, true, 35)]
    [InlineData(3, true, 0)]
    [InlineData(4, true, 0)]
    [InlineData(5, true, 0)]
    [InlineData(6, false, 0)]
    public void AgreesWithTheSearchOnEveryHistoryOfSoManyOperations(int operations, bool hasNonsense, int expected)
    {
        var checker = new Checker<QueueContents, QueueCall>(new QueueModel());
        var monitor = new QueueMonitor();
        var verdicts = new long[3];
        QueueHistories.Each(operations, hasNonsense, history =>
        {
            var searched = checker.Check(history, TimeSpan.FromMinutes(1)).Verdict;
            if (searched != monitor.Check(history))
            {
                Assert.Fail($"search says {searched}: {string.Join("; ", history)}");
            }

            verdicts[(int)searched]++;
        });

        Assert.True(verdicts[1] > 0 && verdicts[2] > 0 && verdicts[0] == 0);
        Assert.True(expected == 0 || verdicts.Sum() == expected, $"{verdicts.Sum()} histories");
    }

    private static Operation<QueueCall>[] Draw(Random random, int count)
    {
        var values = Enumerable.Range(0, count).OrderBy(_ => random.Next()).ToArray();
        var (enqueued, dequeued) = (0, 0);
        var history = new Operation<QueueCall>[count];
        for (var i = 0; i < count; i++)
        {
            var call = random.Next(5) switch
            {
                0 or 1 => QueueCall.Enqueue(enqueued++),
                2 or 3 => QueueCall.Dequeue(values[dequeued++]),
                _ => QueueCall.DequeueEmpty(),
            };
            var invoked = random.Next(2 * count);
            var open = random.Next(8) == 0;
            call = open && call.Verb == QueueVerb.Dequeue ? QueueCall.Dequeue() : call;
            history[i] = new Operation<QueueCall>(i, invoked, open ? Operation.Open : invoked + random.Next(count), call);
        }

        return history;
    }
}
