using Wetware.Fuzz.Linearizability;
using Wetware.Testing;

namespace Wetware.Fuzz.Tests;

/// <summary>The queue monitor against the search, on random small histories with open operations.</summary>
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
