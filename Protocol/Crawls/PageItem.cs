namespace Wetware.Protocol.Crawls;

/// <summary>What a crawl keeps of one URL, in the results topic, keyed by the URL.</summary>
public sealed record PageItem
{
    /// <summary>As it was asked for, canonical.</summary>
    public required string Url { get; init; }

    /// <summary>Where redirects led.</summary>
    public required string FinalUrl { get; init; }

    /// <summary>How it ended.</summary>
    public PageOutcome Outcome { get; init; }

    /// <summary>The status of the last response; 0 where none came.</summary>
    public int Status { get; init; }

    /// <summary>Links followed from a seed.</summary>
    public uint Depth { get; init; }

    /// <summary>Redirects followed.</summary>
    public int Redirects { get; init; }

    /// <summary>Which try this was, from 1.</summary>
    public uint Attempts { get; init; }

    /// <summary>The page's title, or empty.</summary>
    public string Title { get; init; } = "";

    /// <summary>The media type, or empty.</summary>
    public string ContentType { get; init; } = "";

    /// <summary>Bytes of the decoded body.</summary>
    public ulong Length { get; init; }

    /// <summary>SHA-256 of the decoded body; empty where none came.</summary>
    public ReadOnlyMemory<byte> ContentHash { get; init; }

    /// <summary>Distinct links in scope that the page holds.</summary>
    public uint Links { get; init; }

    /// <summary>When it was fetched, in Unix milliseconds by the worker's clock.</summary>
    public ulong FetchedAt { get; init; }

    /// <summary>How long the fetch took, in milliseconds.</summary>
    public uint ElapsedMilliseconds { get; init; }

    /// <summary>Why there is no page; empty where there is one.</summary>
    public string Error { get; init; } = "";

    /// <summary>The page that linked here; empty for a seed.</summary>
    public string Referrer { get; init; } = "";

    /// <summary>Whether the page asks not to be indexed.</summary>
    public bool NoIndex { get; init; }

    /// <summary>What the crawl's program made of the page; empty if it has none, or made nothing.</summary>
    public string Extracted { get; init; } = "";

    /// <summary>Why the crawl's program failed on the page; empty if it did not.</summary>
    public string ExtractError { get; init; } = "";
}
