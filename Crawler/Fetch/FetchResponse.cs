namespace Wetware.Crawler.Fetch;

/// <summary>What one request brought, redirects not followed.</summary>
public sealed record FetchResponse
{
    /// <summary>Why there is no response, or why its body was not kept.</summary>
    public FetchProblem Problem { get; init; }

    /// <summary>Its status; 0 where none came.</summary>
    public int Status { get; init; }

    /// <summary>Its Location header.</summary>
    public string? Location { get; init; }

    /// <summary>Its Content-Type header, as it came.</summary>
    public string? ContentType { get; init; }

    /// <summary>Its X-Robots-Tag headers, joined by commas.</summary>
    public string? RobotsTag { get; init; }

    /// <summary>Its Retry-After in milliseconds; 0 where it has none.</summary>
    public ulong RetryAfterMilliseconds { get; init; }

    /// <summary>The decompressed body.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Whether it sends elsewhere.</summary>
    public bool IsRedirect => Problem == FetchProblem.None && Status is 301 or 302 or 303 or 307 or 308;
}
