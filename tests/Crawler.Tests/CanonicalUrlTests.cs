using FsCheck;
using FsCheck.Fluent;
using Property = Wetware.Testing.Property;

namespace Wetware.Crawler.Tests;

public class CanonicalUrlTests
{
    private static readonly string[] Pieces =
    [
        "http://", "HTTPS://", "//", "/", "a", "B", ".", "..", "/./", "/../", "%2e", "%2E%2e", "%41", "%7e", "%2f", "%zz", "%", "?", "&", "=", "b=2", "a=1",
        "#", "x y", "é", "日本", "\\", "@", ":", ":80", ":443", ":8080", "user:pw@", "example.org", "EXAMPLE.org.", "bücher.example", "[::1]", "127.0.0.1",
        "+", ";", "\t", "\n", "\ud800", "\U0001F600", "'", "\"", "<", ">", "|", "^", "`", "{", "~", "$", "*", "mailto:", "javascript:", "",
    ];

    private static Gen<string> Texts =>
        from scheme in Gen.Elements("http://example.org", "https://h", "http://", "")
        from pieces in Gen.ListOf(Gen.Elements(Pieces))
        select scheme + string.Concat(pieces);

    [Theory]
    [InlineData("HTTP://Example.ORG", "http://example.org/")]
    [InlineData("http://example.org:80/a", "http://example.org/a")]
    [InlineData("https://example.org:443/a", "https://example.org/a")]
    [InlineData("http://example.org:443/a", "http://example.org:443/a")]
    [InlineData("http://example.org/a#b", "http://example.org/a")]
    [InlineData("http://example.org/a?", "http://example.org/a")]
    [InlineData("http://example.org/a?b=2&a=1&b=1", "http://example.org/a?a=1&b=2&b=1")]
    [InlineData("http://example.org/%7euser/%e2%82%ac", "http://example.org/~user/%E2%82%AC")]
    [InlineData("http://example.org/€", "http://example.org/%E2%82%AC")]
    [InlineData("http://example.org/a/./b/../c", "http://example.org/a/c")]
    [InlineData("http://example.org/a/%2E%2e/c", "http://example.org/c")]
    [InlineData("http://example.org/../../c", "http://example.org/c")]
    [InlineData("http://example.org/a/..", "http://example.org/")]
    [InlineData("http://example.org/a%2Fb", "http://example.org/a%2Fb")]
    [InlineData("http://example.org/100%", "http://example.org/100%25")]
    [InlineData("http://bücher.example/", "http://xn--bcher-kva.example/")]
    [InlineData("http://example.org./", "http://example.org/")]
    [InlineData("http://user:secret@example.org/", "http://example.org/")]
    [InlineData("  http://example.org/a\tb\n ", "http://example.org/ab")]
    [InlineData("http://[::1]:8080/", "http://[::1]:8080/")]
    public void Spellings_of_one_address_become_one(string text, string canonical)
    {
        Assert.True(CanonicalUrl.TryParse(text, out var url));
        Assert.Equal(canonical, url.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("mailto:a@b")]
    [InlineData("javascript:alert(1)")]
    [InlineData("ftp://example.org/")]
    [InlineData("http://")]
    [InlineData("http:///x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("data:text/html,x")]
    [InlineData("http://\u202e.example.org/")]
    [InlineData("http://a.\u202e.example.org/")]
    public void What_cannot_be_crawled_is_no_url(string text) => Assert.False(CanonicalUrl.TryParse(text, out _));

    // RFC 3986, section 5.4.1, without the fragments and what is no http.
    [Theory]
    [InlineData("g", "http://a/b/c/g")]
    [InlineData("./g", "http://a/b/c/g")]
    [InlineData("g/", "http://a/b/c/g/")]
    [InlineData("/g", "http://a/g")]
    [InlineData("//g", "http://g/")]
    [InlineData("?y", "http://a/b/c/d;p?y")]
    [InlineData("g?y", "http://a/b/c/g?y")]
    [InlineData("#s", "http://a/b/c/d;p?q")]
    [InlineData(";x", "http://a/b/c/;x")]
    [InlineData("g;x?y#s", "http://a/b/c/g;x?y")]
    [InlineData("", "http://a/b/c/d;p?q")]
    [InlineData(".", "http://a/b/c/")]
    [InlineData("..", "http://a/b/")]
    [InlineData("../g", "http://a/b/g")]
    [InlineData("../..", "http://a/")]
    [InlineData("../../../g", "http://a/g")]
    [InlineData("g;x=1/../y", "http://a/b/c/y")]
    public void References_resolve_as_the_rfc_says(string reference, string expected)
    {
        Assert.True(CanonicalUrl.TryParse("http://a/b/c/d;p?q", out var from));
        Assert.True(CanonicalUrl.TryResolve(from, reference, out var url));
        Assert.Equal(expected, url.Text);
    }

    [Fact]
    public void Canonical_urls_stay_as_they_are() => Property.Check(
        Texts,
        text =>
        {
            Assert.True(CanonicalUrl.TryParse("http://base.example/x/y?z", out var from));
            foreach (var found in new[] { CanonicalUrl.TryParse(text, out var a) ? a : null, CanonicalUrl.TryResolve(from, text, out var b) ? b : null })
            {
                if (found is not null)
                {
                    Assert.True(CanonicalUrl.TryParse(found.Text, out var again), found.Text);
                    Assert.Equal(found.Text, again.Text);
                    Assert.True(CanonicalUrl.TryResolve(from, found.Text, out var resolved));
                    Assert.Equal(found.Text, resolved.Text);
                    Assert.True(found.Text.All(c => c is > ' ' and < '\x7f'));
                    Assert.Equal(found.Text, found.Origin + found.PathAndQuery.ToString());
                }
            }
        },
        cases: 3000);

    [Fact]
    public void Scope_is_hosts_depth_and_prefixes()
    {
        var seed = Parse("http://a.example:8080/");
        var scope = new CrawlScope([seed], ["b.example"], depthMax: 2, include: ["/docs", "/"], exclude: ["/docs/old"]);
        Assert.True(scope.Contains(Parse("http://a.example:8080/docs"), 2));
        Assert.True(scope.Contains(Parse("https://b.example/"), 0));
        Assert.False(scope.Contains(Parse("http://a.example/docs"), 0));
        Assert.False(scope.Contains(Parse("http://a.example:8080/docs"), 3));
        Assert.False(scope.Contains(Parse("http://a.example:8080/docs/old/x"), 1));
        Assert.False(scope.Contains(Parse("http://c.example/"), 0));
        Assert.Throws<ArgumentException>(() => new CrawlScope([seed], ["not a host"]));

        static CanonicalUrl Parse(string text)
        {
            Assert.True(CanonicalUrl.TryParse(text, out var url));
            return url;
        }
    }
}
