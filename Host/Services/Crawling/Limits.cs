using Wetware.Protocol.Queues;

namespace Wetware.Host.Services.Crawling;

/// <summary>The limits of crawls; each with its unit and its reason.</summary>
internal static class Limits
{
    /// <summary>Start pages of one crawl; they travel in one command.</summary>
    public const int CrawlSeedsMax = 1_024;

    /// <summary>Bytes of the program of a crawl, which every node keeps in its replicated state.</summary>
    public const int CrawlRomBytesMax = 8 << 20;

    /// <summary>Bytes of one piece of it: a message of a queue.</summary>
    public const int CrawlRomPieceBytes = QueueLimits.PayloadBytesMax;

    /// <summary>Pages that one node fetches at a time for one crawl; each holds a connection and a page in memory.</summary>
    public const int CrawlWorkersMax = 256;

    /// <summary>Results that are read from the queue at a time while they are streamed.</summary>
    public const int ResultsPageMax = 512;
}
