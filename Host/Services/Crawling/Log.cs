using Microsoft.Extensions.Logging;

namespace Wetware.Host.Services.Crawling;

/// <summary>What crawls log. Event ids are unique in the whole host.</summary>
internal static partial class Log
{
    [LoggerMessage(30, LogLevel.Information, "crawl {Crawl}: {Workers} workers started")]
    public static partial void CrawlStarted(ILogger logger, ulong crawl, int workers);

    [LoggerMessage(31, LogLevel.Information, "crawl {Crawl}: no more work")]
    public static partial void CrawlEnded(ILogger logger, ulong crawl);

    [LoggerMessage(32, LogLevel.Error, "crawl {Crawl}: this node's workers have failed")]
    public static partial void CrawlFailed(ILogger logger, ulong crawl, Exception failure);

    [LoggerMessage(33, LogLevel.Debug, "the queue is unavailable: {Reason}")]
    public static partial void QueueUnavailable(ILogger logger, string reason);
}
