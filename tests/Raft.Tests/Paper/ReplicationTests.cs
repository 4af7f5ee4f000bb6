using Wetware.Core;

namespace Wetware.Raft.Tests.Paper;

/// <summary>Claims about logs, commitment and snapshots; sources as in <see cref="ElectionTests"/>.</summary>
public sealed class ReplicationTests
{
    [Fact]
    public void Section5_3_AnAppendAfterAnUnknownEntryIsRefused()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster[2].Raft.Step(Append(cluster, term: 1, previous: 8, previousTerm: 1, 1));
        cluster.Collect();
        var answer = Assert.Single(cluster.Take(m => m.Type == MessageType.MsgAppResp));
        Assert.True(answer.Reject);
        Assert.Equal(new LogIndex(2), answer.RejectHint);
    }

    [Fact]
    public void Section5_3_EntriesThatConflictAreReplacedAndThoseThatMatchAreKept()
    {
        var cluster = new TestCluster(3);
        cluster[2].Raft.Step(Append(cluster, term: 2, previous: 1, previousTerm: 1, 2, 2, 2));
        cluster.Settle();
        // A repeated or late append that matches cuts nothing off (5.3: "if an existing entry conflicts ... delete").
        cluster[2].Raft.Step(Append(cluster, term: 2, previous: 1, previousTerm: 1, 2));
        cluster.Settle();
        Assert.Equal(new LogIndex(4), cluster[2].Storage.LastIndex);
        cluster[2].Raft.Step(Append(cluster, term: 3, previous: 2, previousTerm: 2, 3));
        cluster.Settle();
        Assert.Equal(new LogIndex(3), cluster[2].Storage.LastIndex);
        Assert.Equal(LogRead.Ok, cluster[2].Storage.Term(new(3), out var term));
        Assert.Equal(new Term(3), term);
    }

    [Fact]
    public void Section5_3_AFollowerWithALongWrongTailIsBroughtBackInOneProbeATerm()
    {
        // The leader's log of figure 7 against follower (f): terms 1 1 1 4 4 5 5 6 6 6 and 1 1 1 2 2 2 3 3 3 3 3.
        var cluster = new TestCluster(3);
        Fill(cluster[1], 1, 1, 4, 4, 5, 5, 6, 6, 6);
        Fill(cluster[3], 1, 1, 4, 4, 5, 5, 6, 6, 6);
        Fill(cluster[2], 1, 1, 2, 2, 2, 3, 3, 3, 3, 3);
        foreach (var id in new ulong[] { 1, 2, 3 })
        {
            cluster[id].Storage.SetHardState(new(new(6), NodeId.None, new(1)));
            cluster.Restart(id);
        }

        var refusals = 0;
        cluster.Passes = m =>
        {
            refusals += m is { Type: MessageType.MsgAppResp, Reject: true } && m.From.Value == 2 ? 1 : 0;
            return true;
        };
        cluster.Elect(1);
        Assert.True(refusals <= 3, $"{refusals} probes were refused");
        Assert.Equal(cluster[1].Storage.LastIndex, cluster[2].Storage.LastIndex);
        Assert.Equal(new LogIndex(11), cluster[2].Raft.HardState.Commit);
    }

    [Fact]
    public void Section5_4_2_EntriesOfEarlierTermsAreNotCommittedByCountingReplicas()
    {
        // Figure 8 (c): an entry of term 2 is on a majority in term 4, and must not count as committed before an entry of
        // term 4 is.
        var cluster = new TestCluster(5);
        foreach (var id in new ulong[] { 1, 2, 3 })
        {
            Fill(cluster[id], 2);
            cluster[id].Storage.SetHardState(new(new(3), NodeId.None, new(1)));
            cluster.Restart(id);
        }

        cluster.Passes = m => m.Type != MessageType.MsgApp;
        cluster.Elect(1);
        foreach (var follower in new ulong[] { 2, 3 })
        {
            cluster[1].Raft.Step(new() { Type = MessageType.MsgAppResp, From = new(follower), To = new(1), Term = new(4), Index = new(2) });
        }

        Assert.True(cluster[1].Raft.TryProgress(new(3), out var progress));
        Assert.Equal(new LogIndex(2), progress.Match);
        Assert.Equal(new LogIndex(1), cluster[1].Raft.HardState.Commit);
        cluster.Heal();
        cluster.Tick(3);
        Assert.Equal(new LogIndex(3), cluster[1].Raft.HardState.Commit);
    }

    [Fact]
    public void Section5_3_WhatAQuorumHoldsIsAppliedEverywhereInTheSameOrder()
    {
        var cluster = new TestCluster(5);
        cluster.Elect(2);
        cluster.Cut(4, 5);
        Assert.Equal(StepResult.Ok, cluster.Propose(2, "a"));
        Assert.Equal(StepResult.Ok, cluster.Propose(3, "b"));
        Assert.Equal(["a", "b"], cluster[2].Data);
        Assert.Empty(cluster[5].Data);
        cluster.Heal();
        cluster.Tick(5);
        Assert.All(cluster.Nodes, node => Assert.Equal(["a", "b"], node.Data));
    }

    [Fact]
    public void Dissertation3_8_AnEntryIsAcknowledgedOnlyOnceItIsDurable()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster[2].HoldsAppends = cluster[3].HoldsAppends = true;
        cluster.Propose(1, "a");
        Assert.Empty(cluster[1].Data);
        cluster[2].HoldsAppends = false;
        cluster.Settle();
        Assert.Equal(["a"], cluster[1].Data);
    }

    [Fact]
    public void Dissertation10_2_1_TheLeaderItselfMayBeTheLastToMakeAnEntryDurable()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster[1].HoldsAppends = true;
        cluster.Propose(1, "a");
        Assert.Equal(["a"], cluster[2].Data);
        // It is committed, but this node applies only what it would still have after a crash.
        Assert.Empty(cluster[1].Data);
        cluster[1].HoldsAppends = false;
        cluster.Settle();
        Assert.Equal(["a"], cluster[1].Data);
    }

    [Fact]
    public void Section7_AFollowerTooFarBehindGetsASnapshotAndGoesOnFromThere()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster.Cut(3);
        cluster.Propose(1, "a");
        cluster.Propose(1, "b");
        cluster[1].Compact();
        cluster.Propose(1, "c");
        cluster.Heal();
        cluster.Tick(5);
        Assert.Equal(["a", "b", "c"], cluster[3].Data);
        Assert.Equal(cluster[1].Storage.FirstIndex, cluster[3].Storage.FirstIndex);
    }

    [Fact]
    public void Section7_ASnapshotOfWhatIsAlreadyThereKeepsTheEntriesAfterIt()
    {
        var cluster = new TestCluster(3);
        cluster.Elect(1);
        cluster.Propose(1, "a");
        cluster.Propose(1, "b");
        var term = cluster[1].Raft.HardState.Term;
        var snapshot = new Snapshot(new(new(3), term, cluster[1].Raft.ConfState), default);
        cluster[2].Raft.Step(new() { Type = MessageType.MsgSnap, From = new(1), To = new(2), Term = term, Snapshot = snapshot });
        cluster.Settle();
        Assert.Equal(["a", "b"], cluster[2].Data);
        Assert.Equal(cluster[1].Raft.LastIndex, cluster[2].Raft.LastIndex);
    }

    private static void Fill(TestNode node, params ulong[] terms) =>
        node.Storage.Append([.. terms.Select((term, i) => new Entry(new(term), new((ulong)i + 2), EntryType.Normal, default))]);

    private static Message Append(TestCluster cluster, ulong term, ulong previous, ulong previousTerm, params ulong[] terms) => new()
    {
        Type = MessageType.MsgApp,
        From = new(1),
        To = new(2),
        Term = new(term),
        Index = new(previous),
        LogTerm = new(previousTerm),
        Entries = terms.Select((t, i) => new Entry(new(t), new(previous + (ulong)i + 1), EntryType.Normal, default)).ToArray(),
    };
}
