namespace Wetware.Crawler.Fetch;

/// <summary>How pages are fetched.</summary>
public sealed record FetcherOptions
{
    /// <summary>The usual bounds.</summary>
    public static FetcherOptions Default { get; } = new();

    /// <summary>The crawler's name in robots.txt: letters, hyphens and underscores (RFC 9309, section 2.2.1).</summary>
    public string ProductToken { get; init; } = "wetware";

    /// <summary>What the User-Agent header says; the product token should be in it.</summary>
    public string UserAgent { get; init; } = "wetware/0.1";

    /// <summary>Until a connection stands.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Until the headers of a response are there.</summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Until the whole response is there.</summary>
    public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of a body, decompressed. A larger one is not kept.</summary>
    public int BodyBytesMax { get; init; } = 4 << 20;

    /// <summary>Media types whose bodies are read; a type that ends in a slash stands for all that begin with it. Responses that name no type are read.</summary>
    public IReadOnlyList<string> MediaTypes { get; init; } = ["text/", "application/xhtml+xml", "application/xml", "application/json"];

    /// <summary>Redirects followed for one URL.</summary>
    public int RedirectsMax { get; init; } = 10;

    /// <summary>Whether robots.txt is not asked for. Only for sites of one's own.</summary>
    public bool IgnoreRobots { get; init; }

    /// <summary>The pause between the starts of two requests to one host, in milliseconds.</summary>
    public uint DelayMilliseconds { get; init; }

    /// <summary>Requests to one host at a time.</summary>
    public int ConcurrencyPerHostMax { get; init; } = 4;

    /// <summary>Throws if an option makes no sense.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message names it.</exception>
    public void Validate()
    {
        Require(ProductToken.Length > 0 && ProductToken.All(c => char.IsAsciiLetter(c) || c is '-' or '_'), nameof(ProductToken));
        Require(UserAgent.Length > 0 && UserAgent.All(c => c is >= ' ' and < '\x7f'), nameof(UserAgent));
        Require(ConnectTimeout > TimeSpan.Zero, nameof(ConnectTimeout));
        Require(HeaderTimeout > TimeSpan.Zero, nameof(HeaderTimeout));
        Require(TotalTimeout >= HeaderTimeout, nameof(TotalTimeout));
        Require(BodyBytesMax > 0, nameof(BodyBytesMax));
        Require(RedirectsMax >= 0, nameof(RedirectsMax));
        Require(ConcurrencyPerHostMax > 0, nameof(ConcurrencyPerHostMax));
    }

    private static void Require(bool condition, string name)
    {
        if (!condition)
        {
            throw new ArgumentException($"the fetcher option {name} is out of range", name);
        }
    }
}
