using Wetware.Core;
using Wetware.Host.Consensus;

namespace Wetware.Host.Tests.Consensus;

/// <summary>How long proposals wait.</summary>
public sealed class PendingProposalsTests
{
    // Found by 'fuzz raft --world Removals --seed 20122 --steps 50000': a client of a leader that was removed waited for ever behind somebody with all the time there is.
    [Fact]
    public void A_proposal_is_given_up_when_its_time_is_over_whoever_waits_before_it()
    {
        var (pending, proposals) = (new PendingProposals(), new List<Proposal>());
        foreach (var deadline in (long[])[long.MaxValue, 100, 300, 200])
        {
            var proposal = new Proposal(default, default, deadline) { Index = new LogIndex((ulong)proposals.Count + 1) };
            proposals.Add(proposal);
            pending.Add(proposal);
        }

        Assert.Equal("", Done(99));
        Assert.Equal("1", Done(100));
        Assert.Equal("13", Done(200));
        Assert.Equal("123", Done(1000));

        string Done(long now)
        {
            pending.Expire(now);
            return string.Concat(Enumerable.Range(0, proposals.Count).Where(i => proposals[i].IsDone));
        }
    }
}
