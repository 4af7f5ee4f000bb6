using Wetware.Core;

namespace Wetware.Raft.Tests.Paper;

/// <summary>
/// Claims about elections, by section of "In Search of an Understandable Consensus Algorithm (Extended Version)" (2014),
/// or of Ongaro's dissertation "Consensus: Bridging Theory and Practice" (2014) where that is said.
/// </summary>
public sealed class ElectionTests
{
    [Fact]
    public void Section5_1_ANodeThatLearnsOfALaterTermFollows()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster[1].Raft.Step(new() { Type = MessageType.MsgAppResp, From = new(2), To = new(1), Term = new(9) });
        Assert.Equal(new SoftState(NodeId.None, Role.Follower), cluster[1].Raft.SoftState);
        Assert.Equal(new Term(9), cluster[1].Raft.HardState.Term);
    }

    [Fact]
    public void Section5_1_RequestsOfAnEarlierTermAreRefused()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        var last = cluster[2].Raft.LastIndex;
        var old = new Entry(new(0), last.Next, EntryType.Normal, new byte[] { 1 });
        cluster[2].Raft.Step(new() { Type = MessageType.MsgApp, From = new(3), To = new(2), Term = new(0), Entries = new[] { old } });
        Assert.Equal(last, cluster[2].Raft.LastIndex);
        Assert.Equal(new NodeId(1), cluster[2].Raft.SoftState.Leader);
    }

    [Fact]
    public void Section5_2_ANodeVotesForOneCandidateATermEvenAcrossARestart()
    {
        var cluster = new TestCluster(3);
        var ask = new Message { Type = MessageType.MsgVote, From = new(1), To = new(3), Term = new(2), LogTerm = new(1), Index = new(1) };
        Assert.False(Answer(cluster, ask).Reject);
        cluster.Restart(3);
        Assert.True(Answer(cluster, ask with { From = new(2) }).Reject);
        Assert.False(Answer(cluster, ask).Reject);
    }

    [Fact]
    public void Section5_2_ATimeoutIsDrawnBetweenOneAndTwoElectionTimeouts()
    {
        var seen = new SortedSet<int>();
        for (var seed = 0UL; seed < 200; seed++)
        {
            var cluster = new TestCluster(3, c => c with { Seed = seed, ElectionTicks = 5 });
            cluster.Cut(1);
            var ticks = 0;
            for (; cluster[1].Raft.SoftState.Role == Role.Follower; ticks++)
            {
                cluster.Tick(1, only: 1);
            }

            seen.Add(ticks);
        }

        Assert.Equal([5, 6, 7, 8, 9], seen);
    }

    [Fact]
    public void Section5_4_1_ACandidateWithAnOlderLogIsRefused()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster.Cut(3);
        cluster.Propose(1, "a");
        cluster.Heal();
        Assert.True(Answer(cluster, new() { Type = MessageType.MsgVote, From = new(3), To = new(2), Term = new(7), LogTerm = new(1), Index = new(2), Context = Message.CampaignTransfer }).Reject);
    }

    [Fact]
    public void Dissertation3_8_AVoteCountsOnlyOnceItIsDurable()
    {
        var cluster = new TestCluster(3, c => c with { PreVote = false });
        cluster[2].HoldsAppends = true;
        cluster.Cut(1, 2);
        cluster[1].Raft.Campaign();
        cluster.Settle();
        Assert.Empty(cluster.Leaders);
        cluster[2].HoldsAppends = false;
        cluster.Settle();
        Assert.Equal([1UL], cluster.Leaders);
    }

    [Fact]
    public void Dissertation3_10_LeadershipPassesToTheNodeChosenWithoutWaiting()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster[1].Raft.TransferLeader(new(3));
        Assert.Equal(StepResult.ProposalDropped, cluster[1].Raft.Propose(new byte[] { 1 }));
        cluster.Settle();
        Assert.Equal([3UL], cluster.Leaders);
        Assert.Equal(StepResult.Ok, cluster.Propose(3, "after"));
        Assert.All(cluster.Nodes, node => Assert.Equal(["after"], node.Data));
    }

    [Fact]
    public void Dissertation3_10_AnUnfinishedTransferIsGivenUpAfterAnElectionTimeout()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster.Passes = m => m.Type != MessageType.MsgTimeoutNow;
        cluster[1].Raft.TransferLeader(new(3));
        Assert.Equal(StepResult.ProposalDropped, cluster.Propose(1, "early"));
        cluster.Tick(10);
        Assert.Equal(StepResult.Ok, cluster.Propose(1, "late"));
        Assert.All(cluster.Nodes, node => Assert.Equal(["late"], node.Data));
    }

    // Figure 3.1: currentTerm and votedFor are on stable storage before anybody is answered, and so before anybody is led.
    [Fact]
    public void Dissertation3_8_ACandidateLeadsOnlyOnceItsOwnVoteIsOnItsDisk()
    {
        var cluster = new TestCluster(3);
        cluster[1].HoldsAppends = true;
        cluster[1].Raft.Campaign();
        cluster.Settle();
        Assert.All(cluster.Nodes, node => Assert.Equal((new Term(1), new NodeId(1)), (node.Raft.HardState.Term, node.Raft.HardState.Vote)));
        Assert.Empty(cluster.Leaders);
        cluster[1].HoldsAppends = false;
        cluster.Settle();
        Assert.Equal([1UL], cluster.Leaders);
    }

    // Otherwise its first life would have told one follower other entries of that term than its second tells the other.
    [Fact]
    public void Dissertation3_8_ACandidateWhoseVoteTheDiskForgetsHasLedNobodyInThatTerm()
    {
        var cluster = new TestCluster(3);
        cluster[1].HoldsAppends = true;
        cluster[1].Raft.Campaign();
        cluster.Settle();
        _ = cluster.Propose(1, "first life");
        cluster.Restart(1);
        cluster.Elect(1);
        Assert.Equal(StepResult.Ok, cluster.Propose(1, "second life"));
        Assert.All(cluster.Nodes, node => Assert.Equal(["second life"], node.Data));
    }

    [Fact]
    public void Dissertation4_2_3_ANodeThatHearsOfItsLeaderIgnoresCandidates()
    {
        var cluster = new TestCluster(3, c => c with { PreVote = false });
        cluster.Elect(1);
        cluster[2].Raft.Step(new() { Type = MessageType.MsgVote, From = new(3), To = new(2), Term = new(50), LogTerm = new(40), Index = new(99) });
        cluster.Settle();
        Assert.Equal(new Term(1), cluster[2].Raft.HardState.Term);
        Assert.Equal([1UL], cluster.Leaders);
    }

    [Fact]
    public void Dissertation6_2_ALeaderThatHearsOfNoQuorumStepsDown()
    {
        var cluster = new TestCluster(5);
        cluster.Elect(1);
        cluster.Cut(1, 2);
        cluster.Tick(25, only: 1);
        Assert.Empty(cluster.Leaders);
    }

    [Fact]
    public void Dissertation9_6_ANodeThatComesBackFromAPartitionDisturbsNobody()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster.Cut(3);
        cluster.Tick(100);
        Assert.Equal(new Term(1), cluster[3].Raft.HardState.Term);
        cluster.Heal();
        cluster.Tick(30);
        Assert.Equal([1UL], cluster.Leaders);
        Assert.All(cluster.Nodes, node => Assert.Equal(new Term(1), node.Raft.HardState.Term));
    }

    private static Message Answer(TestCluster cluster, Message request)
    {
        cluster[request.To.Value].Raft.Step(request);
        cluster.Collect();
        return Assert.Single(cluster.Take(m => m.Type == MessageType.MsgVoteResp && m.To == request.From));
    }
}
