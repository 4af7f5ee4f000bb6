using System.Text;

namespace Wetware.Crawler.Tests;

/// <summary>Sentences of RFC 9309, each with its section.</summary>
public class RobotsTests
{
    [Theory]
    // 2.2.1: the token is compared without regard to case; a version after it does not matter.
    [InlineData("User-agent: WetWare/1.0\nDisallow: /a", "/a", false)]
    // 2.2.1: groups of the same crawler are taken together.
    [InlineData("User-agent: wetware\nDisallow: /a\nUser-agent: other\nDisallow: /\nUser-agent: wetware\nDisallow: /b", "/b", false)]
    [InlineData("User-agent: wetware\nDisallow: /a\nUser-agent: other\nDisallow: /\nUser-agent: wetware\nDisallow: /b", "/a", false)]
    [InlineData("User-agent: wetware\nDisallow: /a\nUser-agent: other\nDisallow: /\nUser-agent: wetware\nDisallow: /b", "/c", true)]
    // 2.2.1: without a group of its own, the crawler obeys the group of everyone.
    [InlineData("User-agent: other\nDisallow: /a\nUser-agent: *\nDisallow: /b", "/b", false)]
    [InlineData("User-agent: other\nDisallow: /a\nUser-agent: *\nDisallow: /b", "/a", true)]
    // 2.2.1: with one, it does not.
    [InlineData("User-agent: wetware\nDisallow:\nUser-agent: *\nDisallow: /", "/x", true)]
    // 2.2.1: if neither is there, no rules apply.
    [InlineData("User-agent: other\nDisallow: /", "/x", true)]
    // 2.2.1: a group may begin with several user agents.
    [InlineData("User-agent: other\nUser-agent: wetware\nDisallow: /a", "/a", false)]
    // A longer name is another crawler.
    [InlineData("User-agent: wetwarebot\nDisallow: /", "/x", true)]
    // 2.2.2: the most specific match wins, and Allow between equals.
    [InlineData("User-agent: *\nAllow: /a\nDisallow: /a/b\nAllow: /a/b/c", "/a/b/x", false)]
    [InlineData("User-agent: *\nAllow: /a\nDisallow: /a/b\nAllow: /a/b/c", "/a/b/c/d", true)]
    [InlineData("User-agent: *\nDisallow: /a\nAllow: /a", "/a", true)]
    // 2.2.2: matching is by octets, case-sensitive, from the first octet of the path.
    [InlineData("User-agent: *\nDisallow: /A", "/a", true)]
    [InlineData("User-agent: *\nDisallow: /a", "/b/a", true)]
    // 2.2.2: escapes are compared in one spelling.
    [InlineData("User-agent: *\nDisallow: /foo/bar/ツ", "/foo/bar/%E3%83%84", false)]
    [InlineData("User-agent: *\nDisallow: /foo/bar/%62%61%7A", "/foo/bar/baz", false)]
    [InlineData("User-agent: *\nDisallow: /foo/bar?baz=http%3a%2f%2ffoo.bar", "/foo/bar?baz=http%3A%2F%2Ffoo.bar", false)]
    // 2.2.3: special characters.
    [InlineData("User-agent: *\nDisallow: /*.gif$", "/x/y.gif", false)]
    [InlineData("User-agent: *\nDisallow: /*.gif$", "/x/y.gif?z", true)]
    [InlineData("User-agent: *\nDisallow: *.gif", "/x/y.gif?z", false)]
    [InlineData("User-agent: *\nDisallow: /a*b*c$", "/abbcbc", false)]
    [InlineData("User-agent: *\nDisallow: /a*b*c$", "/abbcbd", true)]
    [InlineData("User-agent: *\nDisallow: /path/file-with-a-%2A.html", "/path/file-with-a-%2A.html", false)]
    [InlineData("User-agent: *\nDisallow: /path/foo-%24", "/path/foo-%24", false)]
    // 2.2.2: the robots.txt itself is allowed.
    [InlineData("User-agent: *\nDisallow: /", "/robots.txt", true)]
    // 2.2: comments, white space, line ends and a byte order mark.
    [InlineData("\uFEFF# hello\r\n  user-agent :  *  # all\r\n\tdisallow:\t/a # no\r\n", "/a", false)]
    [InlineData("User-agent: *\rDisallow: /a\rDisallow: /b", "/b", false)]
    // 2.2.4: other records are skipped and end no group.
    [InlineData("User-agent: a\nSitemap: http://x/\nUser-agent: wetware\nDisallow: /a", "/a", false)]
    // Rules before any user agent belong to nobody.
    [InlineData("Disallow: /a\nUser-agent: *\nDisallow: /b", "/a", true)]
    [InlineData("no colon here\n:::\n\0\0", "/a", true)]
    public void Rules_are_read_as_the_rfc_says(string file, string path, bool allowed) =>
        Assert.Equal(allowed, RobotsParser.Parse(Encoding.UTF8.GetBytes(file), "wetware").Allows(path));

    // Section 5.1, the simple example.
    [Theory]
    [InlineData("foobot", "/example/page.html", true)]
    [InlineData("foobot", "/example/disallowed.gif", false)]
    [InlineData("foobot", "/other", false)]
    [InlineData("bazbot", "/example/page.html", false)]
    [InlineData("barbot", "/example/page.html", false)]
    [InlineData("quxbot", "/anything", true)]
    [InlineData("anybot", "/publications/a", true)]
    [InlineData("anybot", "/example/page.html", false)]
    [InlineData("anybot", "/x.gif", false)]
    public void The_example_of_the_rfc(string crawler, string path, bool allowed)
    {
        var file = """
            User-Agent: *
            Disallow: *.gif$
            Disallow: /example/
            Allow: /publications/

            User-Agent: foobot
            Disallow:/
            Allow:/example/page.html
            Allow:/example/allowed.gif

            User-Agent: barbot
            User-Agent: bazbot
            Disallow: /example/page.html

            User-Agent: quxbot

            EOF
            """u8;
        Assert.Equal(allowed, RobotsParser.Parse(file, crawler).Allows(path));
    }

    [Theory]
    [InlineData("Crawl-delay: 2", 2000u)]
    [InlineData("Crawl-delay: 0.5", 500u)]
    [InlineData("Crawl-delay: 1e9", 0u)]
    [InlineData("Crawl-delay: 99999999999999999999", Limits.CrawlDelayMillisecondsMax)]
    [InlineData("Crawl-delay: -1", 0u)]
    [InlineData("Crawl-delay: soon", 0u)]
    public void Crawl_delay_is_read_and_bounded(string line, uint milliseconds) =>
        Assert.Equal(milliseconds, RobotsParser.Parse(Encoding.UTF8.GetBytes("User-agent: *\n" + line), "wetware").CrawlDelayMilliseconds);

    [Fact]
    public void A_file_is_read_up_to_its_limit_and_no_further()
    {
        var file = new byte[Limits.RobotsBytesMax + 100];
        file.AsSpan().Fill((byte)'\n');
        "User-agent: *\nDisallow: /a\n"u8.CopyTo(file);
        "\nDisallow: /b\n"u8.CopyTo(file.AsSpan(Limits.RobotsBytesMax - 20));
        "\nDisallow: /c\n"u8.CopyTo(file.AsSpan(Limits.RobotsBytesMax + 20));
        var rules = RobotsParser.Parse(file, "wetware");
        Assert.False(rules.Allows("/a"));
        Assert.False(rules.Allows("/b"));
        Assert.True(rules.Allows("/c"));
    }

    [Fact]
    public void A_hostile_file_costs_bounded_time()
    {
        var pattern = "Disallow: /" + string.Concat(Enumerable.Repeat("*a", 1500)) + "b\n";
        var text = new StringBuilder("User-agent: *\n");
        while (text.Length < Limits.RobotsBytesMax)
        {
            text.Append(pattern);
        }

        var rules = RobotsParser.Parse(Encoding.UTF8.GetBytes(text.ToString()), "wetware");
        var started = System.Diagnostics.Stopwatch.StartNew();
        Assert.True(rules.Allows("/" + new string('a', 4000)));
        Assert.True(started.Elapsed < TimeSpan.FromSeconds(5), $"took {started.Elapsed}");
    }
}
