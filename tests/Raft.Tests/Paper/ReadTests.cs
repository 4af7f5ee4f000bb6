using Wetware.Core;

namespace Wetware.Raft.Tests.Paper;

/// <summary>Claims about linearizable reads: Ongaro's dissertation, section 6.4, and what goes wrong without care.</summary>
public sealed class ReadTests
{
    [Fact]
    public void Dissertation6_4_AReadIsAnsweredWithTheCommitIndexOnceAQuorumHasConfirmedTheLeader()
    {
        var cluster = Led();
        cluster.Passes = m => m.Type != MessageType.MsgHeartbeatResp;
        cluster[1].Raft.ReadIndex(7);
        cluster.Settle();
        Assert.Empty(cluster[1].Reads);
        cluster.Heal();
        cluster.Tick(1);
        Assert.Equal([new ReadState(cluster[1].Raft.HardState.Commit, 7)], cluster[1].Reads);
    }

    [Fact]
    public void Dissertation6_4_ALeaderThatHasNotCommittedInItsTermWaits()
    {
        var cluster = Led();
        cluster.Passes = m => m.Type is not (MessageType.MsgApp or MessageType.MsgAppResp);
        cluster[1].Raft.TransferLeader(new(2));
        cluster.Settle();
        Assert.Contains(2UL, cluster.Leaders);
        cluster[2].Raft.ReadIndex(1);
        cluster.Tick(3, only: 2);
        Assert.Empty(cluster[2].Reads);
        cluster.Heal();
        cluster.Tick(3);
        var read = Assert.Single(cluster[2].Reads);
        Assert.Equal(cluster[2].Raft.HardState.Commit, read.Index);
    }

    [Fact]
    public void Dissertation6_4_ASingleVoterTooWaitsForItsFirstCommit()
    {
        var cluster = new TestCluster(1);
        cluster[1].HoldsAppends = true;
        cluster[1].Raft.Campaign();
        cluster.Settle();
        cluster[1].Raft.ReadIndex(1);
        cluster.Settle();
        Assert.Empty(cluster[1].Reads);
        cluster[1].HoldsAppends = false;
        cluster.Settle();
        cluster[1].Raft.ReadIndex(2);
        cluster.Settle();
        Assert.All(cluster[1].Reads, read => Assert.Equal(new LogIndex(2), read.Index));
        Assert.Contains(cluster[1].Reads, read => read.Context == 2);
    }

    [Fact]
    public void Dissertation6_4_FollowersAskTheLeader()
    {
        var cluster = Led();
        cluster.Propose(1, "a");
        cluster[3].Raft.ReadIndex(42);
        cluster.Settle();
        Assert.Equal([new ReadState(cluster[1].Raft.HardState.Commit, 42)], cluster[3].Reads);
        Assert.Empty(cluster[1].Reads);
    }

    [Fact]
    public void ADeposedLeaderThatDoesNotKnowItAnswersNothing()
    {
        var cluster = Led(c => c with { CheckQuorum = false, PreVote = false });
        cluster.Cut(1);
        cluster.Elect(2);
        cluster.Propose(2, "new");
        cluster[1].Raft.ReadIndex(1);
        cluster.Settle();
        Assert.Empty(cluster[1].Reads);
        cluster.Heal();
        cluster.Tick(5);
        Assert.Empty(cluster[1].Reads);
    }

    [Fact]
    public void AnswersThatAreLateOrRepeatedDoNotConfirmLaterReads()
    {
        // The bug that request ids used twice gave others: answers to an old round that arrive after the leader was cut off.
        var cluster = Led(c => c with { CheckQuorum = false });
        var caught = new List<Message>();
        cluster.Passes = m =>
        {
            caught.AddRange(m.Type == MessageType.MsgHeartbeatResp ? [m] : []);
            return m.Type != MessageType.MsgHeartbeatResp;
        };
        cluster[1].Raft.ReadIndex(1);
        cluster.Tick(1);
        Assert.NotEmpty(caught);
        cluster.Passes = static _ => false;
        cluster[1].Raft.ReadIndex(2);
        cluster.Settle();
        foreach (var late in caught.Concat(caught))
        {
            cluster[1].Raft.Step(late);
        }

        cluster.Settle();
        Assert.Equal([1UL], cluster[1].Reads.Select(read => read.Context));
    }

    [Fact]
    public void ReadsThatComeTogetherShareARound()
    {
        var cluster = Led();
        for (var i = 1UL; i <= 100; i++)
        {
            cluster[1].Raft.ReadIndex(i);
        }

        cluster.Collect();
        Assert.Equal(2, cluster.Messages.Count(m => m.Type == MessageType.MsgHeartbeat));
        cluster.Settle();
        Assert.Equal(100, cluster[1].Reads.Count);
    }

    [Fact]
    public void Dissertation6_4_1_ALeaseAnswersAtOnceAndEndsBeforeAnybodyElseCanWin()
    {
        var cluster = Led(c => c with { ReadMode = ReadMode.LeaseBased, LeaseDriftTicks = 1 });
        cluster.Tick(2);
        var sent = 0;
        cluster.Passes = m =>
        {
            sent++;
            return false;
        };
        cluster[1].Raft.ReadIndex(1);
        cluster.Settle();
        Assert.Single(cluster[1].Reads);
        Assert.Equal(0, sent);
        cluster.Tick(8, only: 1);
        cluster[1].Raft.ReadIndex(2);
        cluster.Settle();
        Assert.Single(cluster[1].Reads);
    }

    [Fact]
    public void Dissertation6_4_1_ATransferEndsTheLease()
    {
        var cluster = Led(c => c with { ReadMode = ReadMode.LeaseBased });
        cluster.Tick(2);
        cluster.Passes = static _ => false;
        cluster[1].Raft.TransferLeader(new(2));
        cluster[1].Raft.ReadIndex(1);
        cluster.Settle();
        Assert.Empty(cluster[1].Reads);
    }

    [Fact]
    public void Dissertation6_4_1_ARestartedVoterSitsOutTheLeaseItForgot()
    {
        var cluster = Led(c => c with { ReadMode = ReadMode.LeaseBased, PreVote = false });
        cluster.Restart(2);
        var ask = new Message { Type = MessageType.MsgVote, From = new(3), To = new(2), Term = new(5), LogTerm = new(1), Index = new(2) };
        cluster[2].Raft.Step(ask);
        Assert.Equal(new Term(1), cluster[2].Raft.HardState.Term);
        cluster.Cut(2);
        cluster.Tick(9, only: 2);
        cluster[2].Raft.Step(ask);
        Assert.Equal(new Term(1), cluster[2].Raft.HardState.Term);
        cluster.Tick(1, only: 2);
        cluster[2].Raft.Step(ask);
        Assert.True(cluster[2].Raft.HardState.Term >= new Term(5));
    }

    private static TestCluster Led(Func<RaftConfig, RaftConfig>? configure = null)
    {
        var cluster = new TestCluster(3, configure);
        cluster.Elect(1);
        return cluster;
    }
}
