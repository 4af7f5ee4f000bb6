namespace Wetware.Protocol.Crawls;

/// <summary>How the crawl of one URL ended.</summary>
public enum PageOutcome
{
    /// <summary>A page was read.</summary>
    Page = 0,

    /// <summary>Robots, scope or limits forbade it.</summary>
    Refused = 1,

    /// <summary>The server or the network did not deliver.</summary>
    Failed = 2,
}
