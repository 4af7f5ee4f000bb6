using System.Diagnostics;
using System.Text;
using AngleSharp.Html.Parser;
using FsCheck;
using FsCheck.Fluent;
using Property = Wetware.Testing.Property;

namespace Wetware.Crawler.Tests;

public class LinkExtractorTests
{
    private static readonly string[] Pieces =
    [
        "<a href=one>", "<a href=\"two\">", "<A HREF='three'>", "</a>", "<a href = four >", "<a href>", "<a\nhref=five\n/>", "<a href=six href=seven>",
        "<a href='a>b'>", "<a title=\"<a href=no>\" href=eight>", "<area href=nine>", "<link rel=canonical href=ten>", "<link rel=stylesheet href=no>",
        "<iframe src=eleven>", "</iframe>", "<a href=\"q?a=1&amp;b=2\">", "<a href=\"q?a=1&copy=2\">", "<a href=\"&#x74;welve\">", "<a rel=nofollow href=no>", "<a rel='x NoFollow' href=no2>",
        "<!-- <a href=no> -->", "<!--", "-->", "--!>", "<!-->", "<!--->", "<!---->", "<script>", "</script>", "<script>'<a href=no>'</script>", "<style>", "</style>", "<textarea>", "</textarea>",
        "<title>", "</title>", "T &amp; U", "<!doctype html>", "<?php <a href=no> ?>", "</ a href=no>", "< a href=no>", "<>", "</>", "<p", ">", "<", "\"", "'", "=", " ", "text", "<div>", "</div>",
        "<a/href=thirteen>", "<a =x href=fourteen>", "<a href=fif\"teen>", "<a \"href=no>", "<xmp>", "</xmp>", "<noscript>", "</noscript>", "</script ", "<scripty>", "</titl",
    ];

    private static Gen<string> Documents => from pieces in Gen.ListOf(Gen.Elements(Pieces)) select string.Concat(pieces);

    [Fact]
    public void Finds_the_links_that_a_full_parser_finds() => Property.Check(
        Documents,
        html =>
        {
            // Compared with its tokens: its tree builder moves and drops elements, which is none of a crawler's business.
            var expected = Oracle(html);
            var found = Extract(html).Links.Select(link => link.Text);
            Assert.Equal(expected, found);
        },
        cases: 3000);

    [Theory]
    [InlineData("<base href=/deep/><a href=x>", "http://site.example/deep/x")]
    [InlineData("<a href=x><base href=/deep/>", "http://site.example/deep/x")]
    [InlineData("<base href=/one/><base href=/two/><a href=x>", "http://site.example/one/x")]
    [InlineData("<meta http-equiv=refresh content='5; url=next'>", "http://site.example/dir/next")]
    [InlineData("<meta http-equiv=Refresh content='0;URL=\"next\"'>", "http://site.example/dir/next")]
    [InlineData("<meta http-equiv=refresh content='0, next'>", "http://site.example/dir/next")]
    [InlineData("<meta http-equiv=refresh content=5>", "")]
    [InlineData("<frame src=f><iframe src=g></iframe>", "http://site.example/dir/f http://site.example/dir/g")]
    [InlineData("<a href='mailto:a@b'><a href='javascript:x()'><a href=ftp://x/>", "")]
    [InlineData("<meta name=robots content='index, NOFOLLOW'><a href=x>", "")]
    [InlineData("<meta name=wetware content=none><a href=x>", "")]
    [InlineData("<meta name=otherbot content=none><a href=x>", "http://site.example/dir/x")]
    [InlineData("<a href=x#1><a href=x#2><a href=./x>", "http://site.example/dir/x")]
    public void Reads_what_leads_on(string html, string links) =>
        Assert.Equal(links, string.Join(' ', Extract(html).Links.Select(link => link.Text)));

    [Fact]
    public void Reads_the_title_and_the_wish_not_to_be_indexed()
    {
        var page = Extract("<title>\n A &lt;b&gt;\t title </title><title>second</title><meta name=ROBOTS content=noindex>");
        Assert.Equal(("A <b> title", true, false), (page.Title, page.NoIndex, page.NoFollow));
    }

    [Theory]
    [InlineData("<div>")]
    [InlineData("</>")]
    [InlineData("<!--")]
    [InlineData("--!")]
    [InlineData("<a ")]
    [InlineData("<a href=x ")]
    [InlineData("<a b='")]
    [InlineData("<script><!--<script>")]
    [InlineData("</script")]
    [InlineData("<title></titl")]
    [InlineData("<![CDATA[")]
    [InlineData("&amp")]
    [InlineData("<base href=/a/>")]
    [InlineData("<a href=x\0>")]
    [InlineData("- <")]
    public void A_hostile_page_costs_bounded_time(string piece)
    {
        foreach (var start in new[] { "", "<!--", "<script>", "<script><!--<script>", "<title>", "<a href=\"" })
        {
            var html = start + string.Concat(Enumerable.Repeat(piece, (2 << 20) / piece.Length));
            var started = Stopwatch.StartNew();
            var page = Extract(html);
            Assert.True(started.Elapsed < TimeSpan.FromSeconds(5), $"{start}{piece} took {started.Elapsed}");
            Assert.True(page.Links.Count <= Limits.LinksPerPageMax);
        }
    }

    [Fact]
    public void Takes_no_more_links_than_its_limit()
    {
        var html = new StringBuilder();
        for (var i = 0; i < 10_000; i++)
        {
            html.Append("<a href=p").Append(i).Append('>');
        }

        Assert.Equal(Limits.LinksPerPageMax, Extract(html.ToString()).Links.Count);
    }

    [Theory]
    [InlineData("", "utf-8", "caf\u00e9", "63 61 66 C3 A9")]
    [InlineData("", "iso-8859-1", "caf\u00e9\u20ac", "63 61 66 E9 80")]
    [InlineData("", null, "caf\u00e9", "63 61 66 C3 A9")]
    [InlineData("", null, "caf\u00e9", "63 61 66 E9")]
    [InlineData("", "no-such-charset", "caf\u00e9", "63 61 66 C3 A9")]
    [InlineData("<meta charset=koi8-r>", null, "\u043f", "D0")]
    [InlineData("<meta http-equiv=content-type content='text/html; charset=\"shift_jis\"'>", null, "\u30c4", "83 63")]
    [InlineData("<!-- <meta charset=koi8-r> --><meta charset=utf-16>", null, "\u00e9", "C3 A9")]
    [InlineData("", "windows-1251", "\u00e9", "EF BB BF C3 A9")]
    [InlineData("", null, "h\u00e9", "FF FE 68 00 E9 00")]
    [InlineData("", null, "h\u00e9", "FE FF 00 68 00 E9")]
    public void Finds_out_the_charset(string head, string? header, string text, string hex)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(head), .. Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))];
        Assert.Equal(head + text, Charset.Decode(body, header));
    }

    [Fact]
    public void Any_bytes_are_some_page() => Property.Check(
        Gen.ArrayOf(Gen.Choose(0, 255).Select(b => (byte)b)),
        bytes =>
        {
            foreach (var charset in new[] { null, "utf-8", "utf-16", "shift_jis", "gb18030", "iso-2022-jp", "x" })
            {
                Extract("<a href=" + Charset.Decode(bytes, charset));
            }
        });

    private static PageLinks Extract(string html)
    {
        Assert.True(CanonicalUrl.TryParse("http://site.example/dir/page", out var url));
        return LinkExtractor.Extract(html, url, "wetware");
    }

    private static List<string> Oracle(string html)
    {
        var from = CanonicalUrl.TryParse("http://site.example/dir/page", out var url) ? url : null;
        var links = new List<string>();
        using var source = new AngleSharp.Text.TextSource(html);
        using var tokens = new HtmlTokenizer(source, AngleSharp.Html.HtmlEntityProvider.Resolver);
        while (tokens.Get() is { Type: not HtmlTokenType.EndOfFile } token)
        {
            if (token is not AngleSharp.Html.Parser.Tokens.HtmlTagToken { Type: HtmlTokenType.StartTag } tag)
            {
                continue;
            }

            tokens.State = tag.Name switch
            {
                "script" => HtmlParseMode.Script,
                "style" or "xmp" or "iframe" or "noembed" or "noframes" => HtmlParseMode.Rawtext,
                "title" or "textarea" => HtmlParseMode.RCData,
                _ => HtmlParseMode.PCData,
            };
            var reference = tag.Name switch
            {
                "a" or "area" when !Rel(tag).Contains("nofollow") => Attribute(tag, "href"),
                "link" when Rel(tag).Contains("canonical") => Attribute(tag, "href"),
                "iframe" or "frame" => Attribute(tag, "src"),
                _ => null,
            };
            if (reference is not null && CanonicalUrl.TryResolve(from, reference, out var link) && !links.Contains(link.Text))
            {
                links.Add(link.Text);
            }
        }

        return links;
    }

    private static string[] Rel(AngleSharp.Html.Parser.Tokens.HtmlTagToken tag) =>
        (Attribute(tag, "rel") ?? "").ToLowerInvariant().Split(' ');

    private static string? Attribute(AngleSharp.Html.Parser.Tokens.HtmlTagToken tag, string name)
    {
        foreach (var attribute in tag.Attributes)
        {
            if (attribute.Name == name)
            {
                return attribute.Value;
            }
        }

        return null;
    }
}
