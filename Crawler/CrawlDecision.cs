using Wetware.Protocol.Crawls;
using Wetware.Protocol.Queues;
using Wetware.Queue;

namespace Wetware.Crawler;

/// <summary>What a visit means for the queue.</summary>
/// <param name="Command">The one transaction to replicate.</param>
/// <param name="Item">The result it appends; null where the URL is handed back for another try.</param>
/// <param name="Links">Links in scope that it adds; those known already are refused by the topic.</param>
public sealed record CrawlDecision(QueueCommand Command, PageItem? Item, int Links)
{
    /// <summary>Whether the URL is tried again.</summary>
    public bool IsRetry => Item is null;
}
