using System.Globalization;

namespace Wetware.Host.Services.Crawling;

/// <summary>The topics that crawls live in. A crawl's number is the offset of its specification in <see cref="Crawls"/>, plus one.</summary>
internal static class CrawlNames
{
    /// <summary>Specifications, in the order in which crawls were started.</summary>
    public const string Crawls = "crawls";

    /// <summary>Numbers of crawls that were cancelled, each as its own dedupe key.</summary>
    public const string Cancelled = "crawls/cancelled";

    /// <summary>The programs of the crawls that are under way, in pieces. Nobody works on them: they are dead messages, which stay until they are dropped.</summary>
    public const string Roms = "crawls/roms";

    public static string Urls(ulong id) => string.Create(CultureInfo.InvariantCulture, $"crawl/{id}/urls");

    public static string Results(ulong id) => string.Create(CultureInfo.InvariantCulture, $"crawl/{id}/results");
}
