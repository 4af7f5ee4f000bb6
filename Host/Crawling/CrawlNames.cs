using System.Globalization;
using Wetware.Core.Multiformats;

namespace Wetware.Host.Crawling;

/// <summary>The topics that crawls live in. A crawl's number is the offset of its specification in <see cref="Crawls"/>, plus one.</summary>
internal static class CrawlNames
{
    /// <summary>Specifications, in the order in which crawls were started.</summary>
    public const string Crawls = "crawls";

    /// <summary>Numbers of crawls that were cancelled, each as its own dedupe key.</summary>
    public const string Cancelled = "crawls/cancelled";

    /// <summary>The bytes of a program, in pieces, each keyed by its place.</summary>
    public static string Rom(Cid cid) => "rom/" + cid;

    public static string Urls(ulong id) => string.Create(CultureInfo.InvariantCulture, $"crawl/{id}/urls");

    public static string Results(ulong id) => string.Create(CultureInfo.InvariantCulture, $"crawl/{id}/results");
}
