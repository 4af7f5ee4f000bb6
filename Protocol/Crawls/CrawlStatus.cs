namespace Wetware.Protocol.Crawls;

/// <summary>How far a crawl is.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Seeds">Where it started.</param>
/// <param name="State">What it is up to.</param>
/// <param name="Waiting">URLs that nobody fetches yet.</param>
/// <param name="Leased">URLs that are being fetched.</param>
/// <param name="Found">Distinct URLs accepted so far.</param>
/// <param name="Results">URLs that are done.</param>
/// <param name="Duplicates">Links refused because their URL was known.</param>
/// <param name="Retries">Fetches that did not count: handed back, or lost with their worker.</param>
public sealed record CrawlStatus(
    ulong Id, IReadOnlyList<string> Seeds, CrawlState State, ulong Waiting, ulong Leased, ulong Found, ulong Results, ulong Duplicates, ulong Retries);
