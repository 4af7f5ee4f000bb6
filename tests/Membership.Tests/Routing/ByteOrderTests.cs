using System.Text;
using Wetware.Core;
using Wetware.Membership.Routing;
using Wetware.Protocol.Routing;
using Wetware.Testing;

namespace Wetware.Membership.Tests.Routing;

/// <summary>Keys are in the order of their UTF-8 bytes, whatever they spell: not that of UTF-16, and not that of a language.</summary>
public class ByteOrderTests
{
    // Of one to four bytes each; in UTF-16 the last ones would come before the two before them.
    private static readonly string[] s_letters = ["-", "0", "A", "a", "z", "~", "\u00e4", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\uffff", "\U00010000", "\U0010ffff"];

    [Fact]
    public void Hosts_and_labels_of_any_letters_are_walked_in_byte_order_both_ways()
    {
        var prng = new Prng(Property.Seed());
        for (var round = 0; round < 50; round++)
        {
            var table = new RoutingTable();
            var words = Enumerable.Range(0, 60).Select(_ => Word(ref prng)).Distinct().ToArray();
            for (var i = 0; i < words.Length; i++)
            {
                table.Upsert(Peers.Record(i, host: words[i], meta: ["k=" + words[i]]), 0);
            }

            var expected = words.OrderBy(word => Encoding.UTF8.GetBytes(word), Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b))).ToArray();
            var byHost = Query.From(IndexKey.Create(IndexKind.Host, "", prefix: true));
            var byLabel = Query.Match(IndexKey.Create(IndexKind.Meta, "k=", prefix: true));
            Assert.Equal(expected, Hosts(table, byHost));
            Assert.Equal(expected, Hosts(table, byLabel));
            Assert.Equal(expected.Reverse(), Hosts(table, byHost.Reversed()));
            Between(ref prng, table, expected);
        }
    }

    private static void Between(ref Prng prng, RoutingTable table, string[] expected)
    {
        var (low, high) = (prng.Between(0, expected.Length - 1), prng.Between(0, expected.Length - 1));
        var query = Query.From(IndexKey.Create(IndexKind.Host, expected[low])).To(IndexKey.Create(IndexKind.Host, expected[high]));
        Assert.Equal(low <= high ? expected[low..(high + 1)] : [], Hosts(table, query));
        var prefix = Word(ref prng)[..1];
        if (!char.IsSurrogate(prefix[0]))
        {
            Assert.Equal(
                expected.Where(word => word.StartsWith(prefix, StringComparison.Ordinal)),
                Hosts(table, Query.Match(IndexKey.Create(IndexKind.Host, prefix, prefix: true))));
        }
    }

    private static string Word(ref Prng prng)
    {
        var word = new StringBuilder();
        for (var n = prng.Between(1, 20); n > 0; n--)
        {
            word.Append(s_letters[prng.Below((ulong)s_letters.Length)]);
        }

        return word.ToString();
    }

    private static IEnumerable<string> Hosts(RoutingTable table, Query query) => Peers.All(table.Snapshot(), query).Select(record => record.Profile.Host!.ToString());
}
