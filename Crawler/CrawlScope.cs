namespace Wetware.Crawler;

/// <summary>
/// Which URLs a crawl may fetch: those on its hosts, at most so many links from a seed, under an included prefix and no excluded one.
/// </summary>
public sealed class CrawlScope
{
    private readonly HashSet<string> _authorities = new(StringComparer.Ordinal);
    private readonly string[] _include;
    private readonly string[] _exclude;

    /// <summary>Makes the scope of a crawl.</summary>
    /// <param name="seeds">Where it starts; their hosts (with their ports) are in scope.</param>
    /// <param name="hosts">Further hosts in scope: "example.org" or "example.org:8080".</param>
    /// <param name="depthMax">How many links a URL may be away from a seed.</param>
    /// <param name="include">Path prefixes, one of which a URL must have, unless there are none.</param>
    /// <param name="exclude">Path prefixes of which a URL must have none.</param>
    public CrawlScope(
        IEnumerable<CanonicalUrl> seeds,
        IEnumerable<string>? hosts = null,
        uint depthMax = uint.MaxValue,
        IEnumerable<string>? include = null,
        IEnumerable<string>? exclude = null)
    {
        ArgumentNullException.ThrowIfNull(seeds);
        foreach (var seed in seeds)
        {
            _authorities.Add(seed.Authority);
        }

        foreach (var host in hosts ?? [])
        {
            if (!CanonicalUrl.TryParse("http://" + host, out var url) || url.PathAndQuery.Length != 1)
            {
                throw new ArgumentException($"'{host}' is not a host", nameof(hosts));
            }

            _authorities.Add(url.Authority);
        }

        DepthMax = depthMax;
        _include = [.. include ?? []];
        _exclude = [.. exclude ?? []];
    }

    /// <summary>How many links a URL may be away from a seed.</summary>
    public uint DepthMax { get; }

    /// <summary>Whether a URL so many links from a seed may be fetched.</summary>
    public bool Contains(CanonicalUrl url, uint depth)
    {
        ArgumentNullException.ThrowIfNull(url);
        return depth <= DepthMax && _authorities.Contains(url.Authority) && IsIncluded(url.PathAndQuery);
    }

    private bool IsIncluded(ReadOnlySpan<char> path)
    {
        foreach (var prefix in _exclude)
        {
            if (path.StartsWith(prefix, StringComparison.Ordinal))
            {
                return false;
            }
        }

        foreach (var prefix in _include)
        {
            if (path.StartsWith(prefix, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return _include.Length == 0;
    }
}
