using Wetware.Core;
using Wetware.Membership.Gossip;
using Wetware.Membership.Pex;
using Wetware.Membership.Tests.Routing;
using Wetware.Testing;

namespace Wetware.Membership.Tests.Pex;

public class PexViewTests
{
    private static readonly PexOptions s_options = PexOptions.Default;

    [Fact]
    public void Whatever_is_merged_there_is_no_self_no_peer_twice_no_older_record_and_no_more_than_fits()
    {
        var prng = new Prng(Property.Seed());
        const int Self = 0;
        var view = new PexView(s_options, Peers.Number(Self).Tail);
        for (var round = 0; round < 2_000; round++)
        {
            var before = Entries(view);
            var given = view.Offer(Peers.Number(1).Tail, ref prng);
            Assert.InRange(given.Count, 0, s_options.Swap);
            Assert.DoesNotContain(given, entry => entry.Record.Tail == Peers.Number(1).Tail);
            var received = new List<PexEntry>();
            for (var i = prng.Below(17); i > 0; i--)
            {
                received.Add(new PexEntry(Record((int)prng.Below(60), seq: prng.Below(8)), prng.Below(20)));
            }

            view.Merge(received, given, ref prng);
            var after = Entries(view);
            Assert.InRange(after.Count, Math.Min(s_options.View, before.Count), s_options.View);
            Assert.DoesNotContain(after, entry => entry.Record.Tail == Peers.Number(Self).Tail);
            Assert.Distinct(after.Select(entry => entry.Record.Tail));
            foreach (var entry in after)
            {
                var all = before.Concat(received).Where(other => other.Record.Tail == entry.Record.Tail).ToList();
                var newest = all.Max(other => other.Record.Record.Seq);
                Assert.Equal(newest, entry.Record.Record.Seq);
                Assert.Equal(all.Where(other => other.Record.Record.Seq == newest).Min(other => other.Hop) + 1, entry.Hop);
            }
        }
    }

    [Fact]
    public void What_was_given_goes_first_and_the_oldest_five_stay()
    {
        var prng = new Prng(Property.Seed());
        var view = Full(out var oldest);
        var given = view.Offer(0, ref prng);
        Assert.Equal(s_options.Swap, given.Count);
        Assert.DoesNotContain(given, entry => oldest.Contains(entry.Record.Tail));
        view.Merge([.. Enumerable.Range(100, s_options.Swap).Select(n => new PexEntry(Record(n), 1))], given, ref prng);
        Assert.Equal(s_options.View, view.Count);
        Assert.All(given, entry => Assert.False(view.Contains(entry.Record.Tail)));
        Assert.All(oldest, tail => Assert.True(view.Contains(tail)));
    }

    [Fact]
    public void The_oldest_decay_once_in_two_hundred_exchanges_or_so()
    {
        var prng = new Prng(12);
        var lost = 0;
        for (var trial = 0; trial < 20_000; trial++)
        {
            var view = Full(out var oldest);
            view.Merge([new PexEntry(Record(100), 1)], [], ref prng);
            lost += oldest.Count(tail => !view.Contains(tail));
        }

        Assert.InRange(lost / 20_000.0, 0.7 * s_options.Decay, 1.3 * s_options.Decay);
    }

    [Fact]
    public void A_partner_that_does_not_answer_goes_unless_it_is_protected_and_all_are_tried_in_turn()
    {
        var prng = new Prng(Property.Seed());
        var view = Full(out var oldest);
        var tried = new HashSet<ulong>();
        for (var i = 0; i < 300; i++)
        {
            Assert.True(view.TryPartner(ref prng, out var partner));
            tried.Add(partner.Tail);
            view.Missed(partner.Tail, ref prng);
        }

        Assert.Equal(s_options.View, tried.Count);
        Assert.Equal(oldest.Order(), Entries(view).Select(entry => entry.Record.Tail).Order());
    }

    [Fact]
    public void A_silenced_peer_is_kept_and_not_handed_on_and_a_goodbye_is_no_record()
    {
        var prng = new Prng(Property.Seed());
        var view = Full(out _);
        var young = Peers.Number(1).Tail;
        view.Silence(young);
        Assert.DoesNotContain(view.Offer(0, ref prng), entry => entry.Record.Tail == young);
        view.Merge([.. Enumerable.Range(100, s_options.Swap).Select(n => new PexEntry(Record(n), 1))], [], ref prng);
        Assert.True(view.Contains(young));
        Assert.False(view.TryAdd(new PexEntry(Record(101) with { IsLeave = true }, 1)));
    }

    [Fact]
    public void A_record_of_more_than_2048_bytes_is_not_taken()
    {
        var view = new PexView(s_options, 0);
        Assert.False(view.TryAdd(new PexEntry(Record(1, bytes: 2_049), 1)));
        Assert.True(view.TryAdd(new PexEntry(Record(1, bytes: 2_048), 1)));
    }

    /// <summary>A full view of peers 1 to 32, of which the last five are the oldest.</summary>
    private static PexView Full(out List<ulong> oldest)
    {
        var view = new PexView(s_options, 0);
        for (var n = 1; n <= s_options.View; n++)
        {
            Assert.True(view.TryAdd(new PexEntry(Record(n), (ulong)n)));
        }

        oldest = [.. Enumerable.Range(s_options.View - s_options.Protect + 1, s_options.Protect).Select(n => Peers.Number(n).Tail)];
        return view;
    }

    private static SignedRecord Record(int peer, ulong seq = 1, int bytes = 270) => new(Peers.Record(peer, seq), new byte[bytes], IsLeave: false);

    private static List<PexEntry> Entries(PexView view) => [.. Enumerable.Range(0, view.Count).Select(at => view[at])];
}
