using Wetware.Core;
using Wetware.Membership.Routing;
using Wetware.Protocol.Routing;
using Wetware.Testing;

namespace Wetware.Membership.Tests.Routing;

public class QueryParserTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("WHERE region=us-east-1", "WHERE meta=\"region=us-east-1\"")]
    [InlineData("where host=web", "WHERE host=\"web\"")]
    [InlineData("WHERE host==web", "WHERE host==\"web\"")]
    [InlineData("WHERE region==eu LIMIT 3", "WHERE meta==\"region=eu\" LIMIT 3")]
    [InlineData("WHERE id=Qm", "WHERE peer=\"Qm\"")]
    [InlineData("FROM peer=Qma TO peer=Qmb", "FROM peer=\"Qma\" TO peer=\"Qmb\"")]
    [InlineData("  TO   peer=Qmb  reverse", "TO peer=\"Qmb\" REVERSE")]
    [InlineData("LIMIT 2 FROM host=a REVERSE", "FROM host=\"a\" LIMIT 2 REVERSE")]
    [InlineData("WHERE name=\"two words\"", "WHERE meta=\"name=two words\"")]
    [InlineData("WHERE meta=region", "WHERE meta=\"region\"")]
    [InlineData("WHERE server=00ff", "WHERE server=\"00ff\"")]
    public void Good_text_means_what_it_says(string text, string canonical)
    {
        Assert.True(QueryParser.TryParse(text, out var query, out var error), error?.ToString());
        Assert.Equal(canonical, query.ToString());
        Assert.True(QueryParser.TryParse(query.ToString(), out var again, out _));
        Assert.Equal(canonical, again.ToString());
    }

    [Theory]
    [InlineData("WHERE", 5)]
    [InlineData("WHERE region", 6)]
    [InlineData("WHERE =x", 6)]
    [InlineData("WEHRE a=b", 0)]
    [InlineData("LIMIT", 5)]
    [InlineData("LIMIT x", 6)]
    [InlineData("LIMIT 0", 6)]
    [InlineData("LIMIT -1", 6)]
    [InlineData("LIMIT 1 LIMIT 2", 8)]
    [InlineData("WHERE a=b extra", 10)]
    [InlineData("WHERE a=b FROM c=d", 10)]
    [InlineData("FROM host=a WHERE c=d", 12)]
    [InlineData("FROM host=a TO peer=b", 15)]
    [InlineData("TO peer=b FROM peer=a", 10)]
    [InlineData("WHERE server=XY", 6)]
    [InlineData("WHERE server==00ff", 6)]
    [InlineData("WHERE a=\"b", 8)]
    public void Bad_text_gets_a_caret_where_it_is_wrong(string text, int position)
    {
        Assert.False(QueryParser.TryParse(text, out _, out var error));
        Assert.Equal(position, error.Position);
        var lines = error.ToString().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Equal(text, lines[0]);
        Assert.Equal(position, lines[1].IndexOf('^', StringComparison.Ordinal));
        Assert.NotEmpty(lines[2]);
    }

    [Fact]
    public void Any_text_is_a_query_or_gets_a_message()
    {
        var prng = new Prng(Property.Seed());
        string[] words = ["WHERE", "FROM", "TO", "LIMIT", "REVERSE", "a=b", "host=", "==", "=", "\"", "peer=Qm", "server=0", "7", "\u00e4=\u00f6", "x"];
        for (var i = 0; i < 5_000; i++)
        {
            var text = "";
            for (var n = prng.Below(6); n > 0; n--)
            {
                text += words[prng.Below((ulong)words.Length)] + (prng.Chance(0.8) ? " " : "");
            }

            if (QueryParser.TryParse(text, out var query, out var error))
            {
                Assert.True(QueryParser.TryParse(query.ToString(), out _, out _), query.ToString());
            }
            else
            {
                Assert.InRange(error.Position, 0, text.Length);
            }
        }

        Assert.False(QueryParser.TryParse(new string(' ', QueryLimits.TextCharsMax + 1), out _, out _));
    }
}
