using Wetware.Crawler;
using Wetware.Crawler.Fetch;

namespace Wetware.Host.Services.Crawling;

/// <summary>Stands for a program that this node cannot run: says so of every page.</summary>
internal sealed class NoProcessor(string why) : IItemProcessor
{
    public ValueTask<ItemExtract> ProcessAsync(UrlTask task, Visit visit, CancellationToken cancellationToken) => new(new ItemExtract(string.Empty, why));
}
