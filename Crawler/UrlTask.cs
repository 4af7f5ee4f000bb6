namespace Wetware.Crawler;

/// <summary>A URL to be fetched, as it stands in the URL topic.</summary>
/// <param name="Url">Canonical; it is also the message's dedupe key.</param>
/// <param name="Depth">Links followed from a seed.</param>
/// <param name="Referrer">The page that linked here; empty for a seed.</param>
public sealed record UrlTask(CanonicalUrl Url, uint Depth, string Referrer);
