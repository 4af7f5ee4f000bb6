using Wetware.Core;
using Wetware.Host.Consensus;
using Wetware.Raft;

namespace Wetware.Host.Tests.Consensus;

/// <summary>Which answers of a leader serve which reads.</summary>
public sealed class PendingReadsTests
{
    private const long RetryMilliseconds = 1000;

    // Found by 'fuzz raft --world Witness': the leader's answer arrived after a restart, and told the new process' first read an index of before.
    [Fact]
    public void An_answer_to_what_an_earlier_life_of_the_node_asked_serves_no_read_of_this_one()
    {
        var (before, now) = (Ask(readsFrom: 7_000), Ask(readsFrom: 42));
        now.Reads.Confirm([new ReadState(new LogIndex(1), before.Read.Number)]);
        Assert.Equal(LogIndex.Zero, now.Read.Index);
        now.Reads.Confirm([new ReadState(new LogIndex(2), now.Read.Number)]);
        Assert.Equal(new LogIndex(2), now.Read.Index);
    }

    [Fact]
    public void An_answer_to_what_was_asked_before_the_last_retry_comes_too_late()
    {
        var (reads, read) = Ask(readsFrom: 0);
        var first = read.Number;
        reads.Tick(RetryMilliseconds);
        reads.Confirm([new ReadState(new LogIndex(1), first)]);
        Assert.Equal(LogIndex.Zero, read.Index);
        reads.Confirm([new ReadState(new LogIndex(1), read.Number)]);
        reads.Applied(new LogIndex(1));
        Assert.True(read.Done.IsCompletedSuccessfully);
    }

    private static (PendingReads Reads, LinearRead Read) Ask(ulong readsFrom)
    {
        var logs = new MemoryLogs();
        var snapshot = new Snapshot(new SnapshotMetadata(new LogIndex(1), new Term(1), ConfState.OfVoters(new NodeId(1), new NodeId(2))), default);
        var node = new RawNode(new RaftConfig { Id = new NodeId(1), Storage = logs.Begin(new GroupId(1), snapshot), Seed = 1, Applied = new LogIndex(1) });
        var (reads, read) = (new PendingReads(node, RetryMilliseconds, readsFrom), new LinearRead(deadline: long.MaxValue));
        reads.Ask(read, now: 0);
        return (reads, read);
    }
}
