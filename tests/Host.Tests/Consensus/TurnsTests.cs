using Wetware.Host.Consensus;
using Wetware.Protocol;

namespace Wetware.Host.Tests.Consensus;

/// <summary>Who runs a loop's turns, and what must hold whoever it is.</summary>
public sealed class TurnsTests
{
    private const int Posters = 6;
    private const int PostsEach = 5_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Turns_never_overlap_and_what_one_thread_posts_is_taken_in_its_order()
    {
        using var cluster = new MemoryCluster(1);
        var leader = await cluster.LeaderAsync();
        var (inside, overlaps, disorder, taken) = (0, 0, 0, 0);
        var last = new int[Posters];
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Take(int poster, int number)
        {
            overlaps += Interlocked.Exchange(ref inside, 1);
            disorder += last[poster] == number - 1 ? 0 : 1;
            last[poster] = number;
            Volatile.Write(ref inside, 0);
            if (++taken == Posters * PostsEach)
            {
                done.SetResult();
            }
        }

        var posting = Enumerable.Range(0, Posters).Select(poster => Task.Factory.StartNew(
            () =>
            {
                for (var number = 1; number <= PostsEach; number++)
                {
                    var each = number;
                    Assert.True(leader.Loop.Post(new RaftEvent(RaftEventKind.Call, MemoryCluster.Group) { Subject = (Action)(() => Take(poster, each)) }));
                }
            },
            Limit,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToArray();
        await Task.WhenAll(posting).WaitAsync(s_patience, Limit);
        await done.Task.WaitAsync(s_patience, Limit);
        Assert.Equal((0, 0), (overlaps, disorder));
    }

    [Fact]
    public async Task Whoever_waited_for_a_proposal_and_then_blocks_holds_up_no_loop()
    {
        using var cluster = new MemoryCluster(3);
        var leader = await cluster.LeaderAsync();
        using var free = new ManualResetEventSlim();
        var isBlocking = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        async Task BlockAfterAsync()
        {
            await cluster.CommitAsync(new byte[8]).ConfigureAwait(false);
            isBlocking.SetResult();
            Assert.True(free.Wait(s_patience, Limit));
        }

        var blocked = Task.Run(BlockAfterAsync, Limit);
        await isBlocking.Task.WaitAsync(s_patience, Limit);
        for (var i = 0; i < 100; i++)
        {
            await cluster.CommitAsync(new byte[8]).WaitAsync(s_patience, Limit);
        }

        free.Set();
        await blocked.WaitAsync(s_patience, Limit);
    }

    [Fact]
    public async Task A_loop_may_be_ended_by_somebody_who_waited_for_it()
    {
        using var cluster = new MemoryCluster(1);
        var leader = await cluster.LeaderAsync();
        async Task EndAsync()
        {
            for (var i = 0; i < 20; i++)
            {
                await leader.Loop.ProposeAsync(MemoryCluster.Group, new byte[8], s_patience).ConfigureAwait(false);
            }

            leader.Loop.Dispose();
        }

        await Task.Run(EndAsync, Limit).WaitAsync(s_patience, Limit);
        Assert.Equal(OutcomeKind.Dropped, (await leader.Loop.ProposeAsync(MemoryCluster.Group, new byte[8], s_patience)).Kind);
        await leader.Loop.Ended.WaitAsync(s_patience, Limit);
    }
}
