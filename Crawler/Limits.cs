namespace Wetware.Crawler;

/// <summary>Every bound of the crawler that is not an option of a crawl.</summary>
public static class Limits
{
    /// <summary>Characters of a URL; longer links are ignored. Longer ones are in practice traps, and servers refuse them.</summary>
    public const int UrlCharactersMax = 4096;

    /// <summary>Distinct links taken from one page, in document order. One page's links must fit one queue command.</summary>
    public const int LinksPerPageMax = 2000;

    /// <summary>Bytes that the links of one page may take in a queue command, which holds 4 MiB; links beyond them are left out.</summary>
    public const int LinkBytesPerPageMax = 3 << 20;

    /// <summary>Bytes that one link takes in a command beside its text, which it holds twice, as key and as task, and its referrer's.</summary>
    internal const int LinkOverheadBytes = 160;

    /// <summary>Elements looked at in one page; the rest of a larger page is not searched for links.</summary>
    public const int ElementsPerPageMax = 1_000_000;

    /// <summary>How deep elements may be nested before a page is not parsed; far beyond any page made for people, far below the stack.</summary>
    public const int NestingMax = 4096;

    /// <summary>Characters of a title that are kept.</summary>
    public const int TitleCharactersMax = 512;

    /// <summary>Bytes of the item that a program makes of a page: it travels in the same command as the page's links.</summary>
    public const int ItemBytesMax = 64 << 10;

    /// <summary>Characters of a content type or an error that are kept.</summary>
    public const int TextCharactersMax = 256;

    /// <summary>Bytes of a robots.txt that are read (RFC 9309, section 2.5: at least 500 kibibytes).</summary>
    public const int RobotsBytesMax = 500 << 10;

    /// <summary>Bytes of one rule of a robots.txt that count: a longer pattern matches no URL that the crawler accepts.</summary>
    public const int RobotsPatternBytesMax = UrlCharactersMax;

    /// <summary>Redirects followed for a robots.txt (RFC 9309, section 2.3.1.2: at least five).</summary>
    public const int RobotsRedirectsMax = 5;

    /// <summary>Milliseconds for which a robots.txt is trusted (RFC 9309, section 2.4: at most 24 hours).</summary>
    public const ulong RobotsCacheMilliseconds = 24UL * 60 * 60 * 1000;

    /// <summary>Milliseconds after which an unreachable robots.txt is asked for again.</summary>
    public const ulong RobotsRetryMilliseconds = 60_000;

    /// <summary>Milliseconds that a Crawl-delay may ask for; a larger wish is cut, since it would hold a URL beyond any lease.</summary>
    public const uint CrawlDelayMillisecondsMax = 30_000;

    /// <summary>Hosts whose politeness and robots are remembered; the one that was unused longest is forgotten first.</summary>
    public const int HostsMax = 10_000;

    /// <summary>Bytes at the start of a page that are searched for its charset (WHATWG HTML, section 13.2.3.2).</summary>
    public const int CharsetPrescanBytes = 1024;
}
