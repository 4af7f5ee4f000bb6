using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Wetware.Core;
using Wetware.Crawler;
using Wetware.Protocol.Crawls;
using Wetware.Tooling;
using CrawlerLimits = Wetware.Crawler.Limits;

namespace Wetware.Fuzz.Crawler;

/// <summary>
/// Feeds the crawler's pure parts with pages, robots files and URLs that are made of what breaks parsers. Nothing may throw, take long or
/// give more than its limit, and what is canonical must stay so.
/// </summary>
internal static class CrawlerFuzz
{
    private const int BytesMax = 256 << 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly string[] Pieces =
    [
        "<", ">", "</", "/>", "<!--", "-->", "--!>", "<!", "<?", "<a href=", "<a href='", "<base href=", "<meta charset=", "<meta http-equiv=refresh content='0;url=",
        "<title>", "</title>", "<script>", "</script>", "<style", "<plaintext>", "<textarea>", "<iframe src=", "=", "\"", "'", " ", "\t", "\n", "\0", "&", "&amp;", "&#x", "&#99999999;",
        "http://", "https://", "//", "/", "\\", "..", ".", "%", "%2e", "%zz", "?", "#", "@", ":", ":99999", "[", "]", "[::1]", "xn--", "\u00e9", "\ud800", "\udfff", "\u202e", "\U0001F600",
        "User-agent: *\n", "User-agent: wetware\n", "Disallow: /", "Allow: ", "Crawl-delay: 1e308\n", "*", "$", "\r", "\uFEFF", "a", "utf-7", "utf-16", "shift_jis", "iso-2022-jp",
    ];

    public static Command Command()
    {
        var seed = new SeedOption();
        var cases = new CountOption("--cases", 100_000, "How many pages, robots files and URLs are made.");
        var command = new Command("crawler", "Hostile pages, robots files and URLs, which the crawler's parsers must survive.") { seed, cases };
        command.SetAction(parsed => Run(seed.Of(parsed), (ulong)parsed.GetValue(cases)));
        return command;
    }

    private static int Run(ulong seed, ulong cases)
    {
        Console.WriteLine($"fuzz crawler --seed {seed} --cases {cases}");
        var clock = Stopwatch.StartNew();
        for (var i = 0UL; i < cases; i++)
        {
            try
            {
                Case(new Prng(seed + i));
            }
            catch (Exception trouble)
            {
                Console.WriteLine($"FAILED: {trouble}\nreplay: dotnet run -c Release --project fuzz -- crawler --seed {seed + i} --cases 1");
                return 1;
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cases} cases in {clock.Elapsed.TotalSeconds:0.0} s"));
        return 0;
    }

    private static void Case(Prng prng)
    {
        var text = Text(ref prng);
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var damage = prng.Below(8); bytes.Length > 0 && damage > 0; damage--)
        {
            bytes[prng.Below((ulong)bytes.Length)] = (byte)prng.Next();
        }

        var started = Stopwatch.GetTimestamp();
        Page(bytes, Pieces[prng.Below((ulong)Pieces.Length)]);
        Urls(text[..Math.Min(text.Length, CrawlerLimits.UrlCharactersMax + 1)]);
        RobotsParser.Parse(bytes, "wetware").Allows(text);
        Invariant.Check(!CrawlCodec.TryDecodeTask(bytes, out var task) || task.Url.Text.Length > 0);
        _ = PageItemCodec.TryDecode(bytes, out _);
        Invariant.Check(Stopwatch.GetElapsedTime(started) < Patience);
    }

    private static void Page(byte[] bytes, string charset)
    {
        var at = CanonicalUrl.TryParse("http://site.example/a/b?c", out var url) ? url : throw new InvalidOperationException("no base");
        var page = LinkExtractor.Extract(Charset.Decode(bytes, charset), at, "wetware");
        Invariant.Check(page.Links.Count <= CrawlerLimits.LinksPerPageMax);
        Invariant.Check(page.Links.Distinct().Count() == page.Links.Count);
        Invariant.Check(page.Title.Length <= CrawlerLimits.TitleCharactersMax);
        foreach (var link in page.Links)
        {
            CheckCanonical(link);
        }
    }

    private static void Urls(string text)
    {
        if (CanonicalUrl.TryParse(text, out var url) || CanonicalUrl.TryParse("http://" + text, out url))
        {
            CheckCanonical(url);
        }
    }

    private static void CheckCanonical(CanonicalUrl url)
    {
        Invariant.Check(url.Text.Length <= CrawlerLimits.UrlCharactersMax);
        if (!CanonicalUrl.TryParse(url.Text, out var again) || again.Text != url.Text)
        {
            throw new InvalidOperationException($"canonical URL {JsonSerializer.Serialize(url.Text)} is made {JsonSerializer.Serialize(again?.Text)} when it is made canonical again");
        }
    }

    private static string Text(ref Prng prng)
    {
        var text = new StringBuilder();
        var length = prng.Chance(0.02) ? BytesMax : prng.Between(0, 400);
        while (text.Length < length)
        {
            var piece = Pieces[prng.Below((ulong)Pieces.Length)];
            var times = prng.Chance(0.05) ? prng.Between(1, Math.Max(1, length / 2)) : 1;
            for (var i = 0; i < times && text.Length < length; i++)
            {
                text.Append(piece);
            }
        }

        return text.ToString();
    }
}
