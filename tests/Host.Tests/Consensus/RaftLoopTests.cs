using System.Buffers.Binary;
using Wetware.Host.Consensus;
using Wetware.Protocol;

namespace Wetware.Host.Tests.Consensus;

public class RaftLoopTests
{
    private static readonly TimeSpan s_patience = MemoryCluster.Patience;

    [Fact]
    public async Task Every_committed_proposal_is_applied_once_on_every_replica()
    {
        using var cluster = new MemoryCluster(3);
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 500).Select(i => cluster.CommitAsync(Number(i))));

        Assert.Equal(500, outcomes.Select(outcome => outcome.Index).Distinct().Count());
        await Converged(cluster, 500 * 501 / 2);
    }

    [Fact]
    public async Task A_leader_that_is_cut_off_loses_its_office_and_says_what_became_of_its_proposals()
    {
        using var cluster = new MemoryCluster(3);
        var old = await cluster.LeaderAsync();
        await old.Loop.ProposeAsync(MemoryCluster.Group, Number(1), s_patience);
        cluster.Cut(old.Id);
        var lost = old.Loop.ProposeAsync(MemoryCluster.Group, Number(1000), s_patience);
        var leader = await cluster.LeaderAsync(other: old.Id);
        var kept = await leader.Loop.ProposeAsync(MemoryCluster.Group, Number(2), s_patience);
        Assert.Equal(OutcomeKind.Committed, kept.Kind);

        cluster.Heal(old.Id);
        await Converged(cluster, 3);
        // Its place in the log went to somebody else, so this is certain.
        Assert.Equal(OutcomeKind.Dropped, (await lost.AsTask().WaitAsync(s_patience, TestContext.Current.CancellationToken)).Kind);
    }

    [Fact]
    public async Task A_member_that_fell_behind_the_log_catches_up_from_a_snapshot()
    {
        using var cluster = new MemoryCluster(3);
        var leader = await cluster.LeaderAsync();
        var slow = cluster.Members.First(member => member.Id != leader.Id);
        cluster.Cut(slow.Id);
        for (var i = 0; i < 300; i++)
        {
            await cluster.CommitAsync(Number(1));
        }

        cluster.Heal(slow.Id);
        await Converged(cluster, 300);
    }

    [Fact]
    public async Task A_read_on_any_member_sees_every_write_that_ended_before_it_began()
    {
        using var cluster = new MemoryCluster(3);
        for (var i = 1; i <= 50; i++)
        {
            await cluster.CommitAsync(Number(1));
            foreach (var member in cluster.Members)
            {
                ulong seen = 0;
                await member.Loop.ReadAsync(MemoryCluster.Group, s_patience, () => seen = member.Machine.Digest);
                Assert.Equal((ulong)i, seen);
            }
        }
    }

    [Fact]
    public async Task A_leader_that_is_about_to_stop_hands_over_to_another_voter()
    {
        using var cluster = new MemoryCluster(3);
        var old = await cluster.LeaderAsync();
        await old.Loop.ProposeAsync(MemoryCluster.Group, Number(1), s_patience);
        await old.Loop.HandOverAsync(s_patience);

        Assert.False(old.Group.Status.IsLeader);
        var next = await cluster.LeaderAsync(other: old.Id);
        Assert.Equal(OutcomeKind.Committed, (await next.Loop.ProposeAsync(MemoryCluster.Group, Number(2), s_patience)).Kind);
    }

    [Fact]
    public async Task A_follower_drops_a_proposal_and_says_why()
    {
        using var cluster = new MemoryCluster(3);
        var leader = await cluster.LeaderAsync();
        var follower = cluster.Members.First(member => member.Id != leader.Id);
        var outcome = await follower.Loop.ProposeAsync(MemoryCluster.Group, Number(1), s_patience);
        Assert.Equal((OutcomeKind.Dropped, "this node does not lead"), (outcome.Kind, outcome.Reason));
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }

    private static async Task Converged(MemoryCluster cluster, ulong sum)
    {
        foreach (var member in cluster.Members)
        {
            while (true)
            {
                var change = member.Group.Changed;
                if (member.Group.Status.Digest == sum)
                {
                    break;
                }

                await change.WaitAsync(s_patience, TestContext.Current.CancellationToken);
            }
        }
    }
}
