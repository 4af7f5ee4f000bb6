namespace Wetware.Crawler.Fetch;

/// <summary>Makes an item of each page of a crawl. Safe for concurrent use.</summary>
public interface IItemProcessor
{
    /// <summary>Makes the item of a page that was fetched.</summary>
    /// <returns>The item, or why there is none: trouble with one page is never an exception.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<ItemExtract> ProcessAsync(UrlTask task, Visit visit, CancellationToken cancellationToken);
}
