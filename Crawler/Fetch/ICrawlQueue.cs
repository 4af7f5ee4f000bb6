using Wetware.Queue;

namespace Wetware.Crawler.Fetch;

/// <summary>The replicated queue as a crawl sees it. Safe for concurrent use.</summary>
public interface ICrawlQueue
{
    /// <summary>Replicates a command and returns the machine's reply. Gives it its time and, where retries must not count twice, its session.</summary>
    /// <exception cref="QueueUnavailableException">It is not known whether the command took effect, or it did not.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the command may or may not take effect.</exception>
    ValueTask<QueueReply> ExecuteAsync(QueueCommand command, CancellationToken cancellationToken);
}
