namespace Wetware.Crawler.Fetch;

/// <summary>What a request is for, which decides what of its body is read.</summary>
public enum FetchPurpose
{
    /// <summary>A page: of a wanted type, whole or not at all.</summary>
    Page = 0,

    /// <summary>A robots.txt: of any type, cut at its limit.</summary>
    Robots = 1,
}
