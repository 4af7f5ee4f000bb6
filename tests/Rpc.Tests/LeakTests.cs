using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Wetware.Rpc.Tests;

public sealed class LeakTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    [Fact]
    public void A_reference_that_nobody_disposed_is_found_with_where_it_was_made()
    {
        var found = Collect(Lose);
        Assert.Contains(found, made => made.Contains(nameof(Lose), StringComparison.Ordinal));
        Assert.True(LeakDetector.Count >= 1);
    }

    [Fact]
    public void A_disposed_reference_is_no_leak()
    {
        // What was lost behind it shows that the collector has come by.
        var found = Collect(static () =>
        {
            Keep();
            Lose();
        });
        Assert.Contains(found, made => made.Contains(nameof(Lose), StringComparison.Ordinal));
        Assert.DoesNotContain(found, made => made.Contains(nameof(Keep), StringComparison.Ordinal));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Lose() => _ = Capability.Serve(new CounterServer());

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Keep()
    {
        Capability.Serve(new CounterServer()).Dispose();
        // An error holds nothing, so losing it is no leak.
        _ = Capability.Null();
    }

    private static ConcurrentQueue<string> Collect(Action act)
    {
        Assert.True(LeakDetector.IsOn, "the test project's configuration turns it on");
        var found = new ConcurrentQueue<string>();
        LeakDetector.Found += found.Enqueue;
        try
        {
            act();
            var watch = System.Diagnostics.Stopwatch.StartNew();
            while (!found.Any(made => made.Contains(nameof(Lose), StringComparison.Ordinal)) && watch.Elapsed < s_patience)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            return found;
        }
        finally
        {
            LeakDetector.Found -= found.Enqueue;
        }
    }
}
