namespace Wetware.Crawler;

/// <summary>What came of going for one URL, redirects followed.</summary>
public sealed record Visit
{
    /// <summary>Where redirects led.</summary>
    public required CanonicalUrl FinalUrl { get; init; }

    /// <summary>Why there is no page, if something other than the status says so.</summary>
    public FetchProblem Problem { get; init; }

    /// <summary>The status of the last response; 0 where none came.</summary>
    public int Status { get; init; }

    /// <summary>Redirects followed.</summary>
    public int Redirects { get; init; }

    /// <summary>The Content-Type header of the last response, as it came.</summary>
    public string? ContentType { get; init; }

    /// <summary>The X-Robots-Tag header of the last response.</summary>
    public string? RobotsTag { get; init; }

    /// <summary>How long the server asked to wait before another try; 0 where it did not.</summary>
    public ulong RetryAfterMilliseconds { get; init; }

    /// <summary>The decoded body, or what was read of it.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>When the visit began, in Unix milliseconds.</summary>
    public ulong FetchedAt { get; init; }

    /// <summary>How long it took, in milliseconds.</summary>
    public uint ElapsedMilliseconds { get; init; }

    /// <summary>What an item processor made of the page, if there is one.</summary>
    public ItemExtract Extract { get; init; } = ItemExtract.None;

    /// <summary>Whether a page came.</summary>
    public bool IsPage => Problem == FetchProblem.None && Status is >= 200 and < 300;
}
