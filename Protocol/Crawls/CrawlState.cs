namespace Wetware.Protocol.Crawls;

/// <summary>What a crawl is up to.</summary>
public enum CrawlState
{
    /// <summary>There are URLs to fetch.</summary>
    Running = 0,

    /// <summary>Every URL that was found has a result.</summary>
    Done = 1,

    /// <summary>It was told to stop.</summary>
    Cancelled = 2,
}
