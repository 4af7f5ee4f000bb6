using Wetware.Protocol.Crawls;

namespace Wetware.Crawler.Fetch;

/// <summary>Hears what a worker does, for progress and metrics. Called from any thread; must be quick and must not throw.</summary>
public interface ICrawlObserver
{
    /// <summary>A URL is done and its result is in the queue.</summary>
    /// <param name="item">The result.</param>
    /// <param name="linksNew">How many of its links the queue had not known.</param>
    void Completed(PageItem item, int linksNew);

    /// <summary>A visit failed in a way that may pass; the URL was handed back.</summary>
    void Retried(UrlTask task, Visit visit);

    /// <summary>The lease ran out before the visit was done; somebody else has the URL or will have it.</summary>
    void LeaseLost(UrlTask task);

    /// <summary>The queue could not be reached.</summary>
    void QueueUnavailable(string reason);
}
