using Wetware.Core;

namespace Wetware.Raft.Tests.Paper;

/// <summary>Claims about changes of configuration: Ongaro's dissertation, chapter 4, and what this project adds.</summary>
public sealed class MembershipTests
{
    [Fact]
    public void Dissertation4_1_AnAddedServerGetsTheLogAndCounts()
    {
        var cluster = new TestCluster(1);
        cluster.Elect(1);
        cluster.Propose(1, "a");
        cluster.Add(2, ConfState.OfVoters(new NodeId(1)));
        cluster.Change(1, ConfChangeTransition.Auto, new ConfChangeSingle(ConfChangeType.AddNode, new(2)));
        cluster.Tick(3);
        Assert.Equal(["a"], cluster[2].Data);
        cluster.Cut(2);
        cluster.Propose(1, "b");
        Assert.Equal(["a"], cluster[1].Data);
    }

    [Fact]
    public void Dissertation4_2_1_ALearnerIsBroughtUpAndDoesNotCount()
    {
        var cluster = new TestCluster(1);
        cluster.Elect(1);
        cluster.Propose(1, "a");
        cluster[1].Compact();
        cluster.Add(2, null);
        cluster.Change(1, ConfChangeTransition.Auto, new ConfChangeSingle(ConfChangeType.AddLearnerNode, new(2)));
        cluster.Tick(3);
        // The snapshot at hand is older than the learner, and would be thrown away by it.
        Assert.True(cluster[1].Raft.NeedsNewerSnapshot);
        cluster[1].Compact();
        cluster.Tick(3);
        Assert.Equal(["a"], cluster[2].Data);
        cluster.Cut(2);
        cluster.Propose(1, "b");
        Assert.Equal(["a", "b"], cluster[1].Data);
    }

    [Fact]
    public void Dissertation4_2_2_ALeaderThatIsRemovedCommitsItsRemovalAndStepsDown()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster.Change(1, ConfChangeTransition.Auto, new ConfChangeSingle(ConfChangeType.RemoveNode, new(1)));
        Assert.Empty(cluster.Leaders);
        cluster.Tick(40);
        var leader = Assert.Single(cluster.Leaders);
        Assert.NotEqual(1UL, leader);
        Assert.Equal([new NodeId(2), new NodeId(3)], cluster[leader].Raft.ConfState.Voters.AsEnumerable());
    }

    [Fact]
    public void Dissertation4_3_AJointConfigurationNeedsBothMajoritiesToCommit()
    {
        var cluster = new TestCluster(5, config: ConfState.OfVoters(new NodeId(1), new NodeId(2), new NodeId(3)));
        cluster.Elect(1);
        cluster.Change(
            1,
            ConfChangeTransition.JointExplicit,
            new(ConfChangeType.RemoveNode, new(2)),
            new(ConfChangeType.RemoveNode, new(3)),
            new(ConfChangeType.AddNode, new(4)),
            new(ConfChangeType.AddNode, new(5)));
        cluster.Tick(3);
        Assert.True(cluster[1].Raft.ConfState.IsJoint);
        cluster.Cut(2, 3);
        cluster.Propose(1, "new half alone");
        Assert.Empty(cluster[1].Data);
        cluster.Cut(4, 5);
        cluster.Propose(1, "old half alone");
        // Both halves have the first by now.
        Assert.Equal(["new half alone"], cluster[1].Data);
        cluster.Heal();
        cluster.Tick(2);
        Assert.Equal(["new half alone", "old half alone"], cluster[1].Data);
    }

    [Fact]
    public void Dissertation4_3_AJointConfigurationNeedsBothMajoritiesToElect()
    {
        var cluster = new TestCluster(3, c => c with { PreVote = false }, new ConfState { Voters = [new(1)], VotersOutgoing = [new(1), new(2), new(3)], AutoLeave = true });
        cluster.Cut(1);
        cluster[1].Raft.Campaign();
        cluster.Settle();
        Assert.Empty(cluster.Leaders);
        cluster.Cut(3);
        cluster.Elect(1);
        cluster.Settle();
        Assert.False(cluster[1].Raft.ConfState.IsJoint);
    }

    [Fact]
    public void OneChangeAtATimeAndTheProposerCanTellARefusal()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        Assert.Equal(StepResult.Ok, cluster[1].Raft.ProposeConfChange(new ConfChange(ConfChangeType.AddLearnerNode, new(8), default)));
        Assert.Equal(StepResult.Ok, cluster[1].Raft.ProposeConfChange(new ConfChange(ConfChangeType.AddLearnerNode, new(9), default)));
        cluster.Settle();
        Assert.Equal([new NodeId(8)], cluster[3].Raft.ConfState.Learners.AsEnumerable());
        var entries = new EntryBuffer();
        Assert.Equal(LogRead.Ok, cluster[3].Storage.Entries(new(3), new(5), ulong.MaxValue, entries));
        Assert.Equal([EntryType.ConfChange, EntryType.Refused], entries.Memory.ToArray().Select(e => e.Type));
    }

    [Theory]
    [InlineData(ConfChangeTransition.Auto, "r1 r2 r3")]
    [InlineData(ConfChangeTransition.JointExplicit, "r1 r2 r3")]
    public void AnImpossibleChangeIsRejectedAlikeByEverybodyAndNothingStops(ConfChangeTransition transition, string changes)
    {
        var cluster = new TestCluster(3, c => c with { ValidateConfChanges = false });
        cluster.Elect(1);
        cluster.Change(1, transition, [.. changes.Split(' ').Select(Conformance.ConfChangeFiles.Parse)]);
        Assert.All(cluster.Nodes, node => Assert.Equal(["removed all voters"], node.Rejections));
        cluster.Propose(1, "on we go");
        Assert.All(cluster.Nodes, node => Assert.Equal(["on we go"], node.Data));
    }

    [Fact]
    public void AWitnessVotesAndCommitsButHoldsNoCommandsAndNeverLeads()
    {
        var config = new ConfState { Voters = [new(1), new(2), new(3)], Witnesses = [new(3)] };
        var cluster = new TestCluster(3, config: config);
        cluster.Elect(1);
        cluster.Cut(2);
        cluster.Propose(1, "kept by one and a witness");
        Assert.Equal(["kept by one and a witness"], cluster[1].Data);
        Assert.Empty(cluster[3].Data);
        Assert.Equal(cluster[1].Raft.LastIndex, cluster[3].Storage.LastIndex);
        // The one that lacks the entry cannot win, since the witness knows better; the witness itself does not try.
        cluster.Cut(1);
        cluster.Tick(60);
        Assert.DoesNotContain(cluster.Leaders, id => id != 1);
        cluster.Heal();
        cluster.Tick(60);
        Assert.Equal(["kept by one and a witness"], cluster[2].Data);
    }

    [Fact]
    public void AWitnessIsSentOnlyWhatItsLeaderHasOnDisk()
    {
        var cluster = new TestCluster(3, config: new() { Voters = [new(1), new(2), new(3)], Witnesses = [new(3)] });
        cluster.Elect(1);
        var before = cluster[1].Raft.LastIndex;
        cluster[1].HoldsAppends = true;
        cluster.Propose(1, "on nobody's disk but a follower's");
        Assert.Equal(before.Next, cluster[2].Storage.LastIndex);
        Assert.Equal(before, cluster[3].Storage.LastIndex);
        cluster[1].HoldsAppends = false;
        cluster.Settle();
        Assert.Equal(before.Next, cluster[3].Storage.LastIndex);
    }

    [Fact]
    public void ANodeThatLostWhatItAcknowledgedDoesNotVoteUntilItHasItAgain()
    {
        var cluster = new TestCluster(3, c => c.Id == new NodeId(3) ? c with { LostUpTo = new(4) } : c);
        cluster[3].Storage.Append([new(new(1), new(2), EntryType.Normal, new byte[] { (byte)'c' })]);
        foreach (var id in new ulong[] { 1, 2 })
        {
            cluster[id].Storage.Append([.. Enumerable.Range(2, 3).Select(i => new Entry(new(1), new((ulong)i), EntryType.Normal, new byte[] { (byte)('a' + i) }))]);
        }

        cluster[3].Storage.SetHardState(new(new(1), NodeId.None, new(4)));
        foreach (var id in new ulong[] { 1, 2, 3 })
        {
            cluster.Restart(id);
        }

        Assert.True(cluster[3].Raft.IsRepairing);
        cluster.Cut(2);
        cluster[1].Raft.Campaign();
        cluster.Tick(30);
        Assert.Empty(cluster.Leaders);
        cluster.Heal();
        cluster.Tick(60);
        Assert.Single(cluster.Leaders);
        Assert.False(cluster[3].Raft.IsRepairing);
        Assert.Equal(["c", "d", "e"], cluster[3].Data);
    }

    [Fact]
    public void ALeaderThatCountedWhatIsLostSendsItAgain()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster.Propose(1, "a");
        cluster.Propose(1, "b");
        cluster[1].Raft.Step(new() { Type = MessageType.MsgAppResp, From = new(3), To = new(1), Term = new(1), Reject = true, Context = Message.LostEntries, Index = new(4), RejectHint = new(2) });
        Assert.True(cluster[1].Raft.TryProgress(new(3), out var progress));
        Assert.Equal(new LogIndex(2), progress.Match);
        cluster.Settle();
        Assert.True(cluster[1].Raft.TryProgress(new(3), out progress));
        Assert.Equal(new LogIndex(4), progress.Match);
    }

    [Fact]
    public void ALeaderWhoseDiskHangsStepsDownAndAnotherTakesOver()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster[1].HoldsAppends = true;
        cluster.Propose(1, "a");
        cluster.Tick(60);
        Assert.DoesNotContain(1UL, cluster.Leaders);
        var leader = Assert.Single(cluster.Leaders);
        cluster.Propose(leader, "b");
        Assert.Equal(["a", "b"], cluster[leader].Data);
    }

    [Fact]
    public void AnIdleGroupSleepsWithoutTrafficAndWakesOnDemand()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster.Propose(1, "a");
        cluster.Tick(2);
        Assert.True(cluster[1].Raft.TryQuiesce());
        cluster.Settle();
        Assert.All(cluster.Nodes, node => Assert.True(node.Raft.IsQuiescent));
        var traffic = 0;
        cluster.Passes = _ =>
        {
            traffic++;
            return true;
        };
        cluster.Tick(500);
        Assert.Equal(0, traffic);
        Assert.Equal(StepResult.Ok, cluster.Propose(3, "b"));
        Assert.All(cluster.Nodes, node => Assert.Equal(["a", "b"], node.Data));
        Assert.Equal([1UL], cluster.Leaders);
        // Whoever missed the word to sleep wakes the leader, and nothing else comes of it.
        Assert.True(cluster[1].Raft.TryQuiesce());
        cluster.Passes = m => m.To.Value != 2;
        cluster.Settle();
        cluster.Heal();
        cluster.Tick(60);
        Assert.Equal([1UL], cluster.Leaders);
        Assert.Equal(new Term(1), cluster[2].Raft.HardState.Term);
    }

    [Fact]
    public void AnswersToTheLastHeartbeatsDoNotEndSleep()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster.Propose(1, "a");
        cluster.Tick(2);
        cluster[1].Raft.Tick();
        Assert.True(cluster[1].Raft.TryQuiesce());
        cluster.Settle();
        Assert.All(cluster.Nodes, node => Assert.True(node.Raft.IsQuiescent));
    }

    [Fact]
    public void HeartbeatsThatTheWordToSleepHasOvertakenDoNotEndSleep()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster.Tick(2);
        cluster[1].Raft.Tick();
        _ = cluster.Collect();
        var late = cluster.Take(message => message.Type == MessageType.MsgHeartbeat);
        Assert.NotEmpty(late);
        Assert.True(cluster[1].Raft.TryQuiesce());
        cluster.Settle();
        late.ForEach(cluster.Deliver);
        cluster.Settle();
        Assert.All(cluster.Nodes, node => Assert.True(node.Raft.IsQuiescent));
    }

    [Fact]
    public void AWordToSleepThatALaterHeartbeatHasOvertakenPutsNobodyToSleep()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster.Tick(2);
        Assert.True(cluster[1].Raft.TryQuiesce());
        _ = cluster.Collect();
        var late = cluster.Take(message => message.Type == MessageType.MsgHeartbeat);
        Assert.NotEmpty(late);
        cluster[1].Raft.Wake();
        cluster.Settle();
        late.ForEach(cluster.Deliver);
        cluster.Settle();
        Assert.All(cluster.Nodes, node => Assert.False(node.Raft.IsQuiescent));
    }

    [Fact]
    public void ASleepingGroupThatIsToldThatItsLeaderIsGoneElectsAnother()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster.Tick(2);
        Assert.True(cluster[1].Raft.TryQuiesce());
        cluster.Settle();
        cluster.Cut(1);
        cluster[2].Raft.ReportUnreachable(new(1));
        cluster[3].Raft.ReportUnreachable(new(1));
        cluster.Tick(60);
        Assert.Contains(cluster.Leaders, id => id != 1);
    }

    [Fact]
    public void ABusyGroupDoesNotSleep()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster.Cut(3);
        cluster.Propose(1, "a");
        Assert.False(cluster[1].Raft.TryQuiesce());
        Assert.False(cluster[2].Raft.TryQuiesce());
    }
}
