namespace Wetware.Crawler.Fetch;

/// <summary>Fetches each site's robots.txt once, whoever asks, and remembers its rules.</summary>
internal sealed class RobotsGate(IFetcher fetcher, FetcherOptions options, HostGate hosts, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly RobotsCache _cache = new();
    private readonly Dictionary<string, Task<RobotsRules>> _pending = new(StringComparer.Ordinal);
    private readonly long _origin = time.GetTimestamp();

    /// <summary>The rules of the site that the URL is on.</summary>
    public async ValueTask<RobotsRules> RulesAsync(CanonicalUrl url, CancellationToken cancellationToken)
    {
        if (options.IgnoreRobots)
        {
            return RobotsRules.AllowAll;
        }

        Task<RobotsRules>? pending;
        lock (_lock)
        {
            if (_cache.Find(url.Origin, Now()) is { } known)
            {
                return known;
            }

            if (!_pending.TryGetValue(url.Origin, out pending))
            {
                // Not with the caller's token: others may wait for the same file. The fetcher's own timeouts bound it.
                pending = Task.Run(() => LoadAsync(url), CancellationToken.None);
                _pending.Add(url.Origin, pending);
            }
        }

        return await pending.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private ulong Now() => (ulong)time.GetElapsedTime(_origin).TotalMilliseconds;

    private async Task<RobotsRules> LoadAsync(CanonicalUrl url)
    {
        var rules = RobotsRules.DisallowAll;
        try
        {
            rules = await FetchAsync(url).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                _cache.Add(url.Origin, rules, Now());
                _pending.Remove(url.Origin);
            }
        }

        return rules;
    }

    private async Task<RobotsRules> FetchAsync(CanonicalUrl url)
    {
        if (!CanonicalUrl.TryResolve(url, "/robots.txt", out var file))
        {
            return RobotsRules.DisallowAll;
        }

        for (var redirects = 0; redirects <= Limits.RobotsRedirectsMax; redirects++)
        {
            await hosts.EnterAsync(file.Authority, robotsDelayMilliseconds: 0, CancellationToken.None).ConfigureAwait(false);
            FetchResponse response;
            try
            {
                response = await fetcher.FetchAsync(file, FetchPurpose.Robots, CancellationToken.None).ConfigureAwait(false);
            }
            finally
            {
                hosts.Leave(file.Authority);
            }

            if (!response.IsRedirect)
            {
                return Read(response);
            }

            if (!CanonicalUrl.TryResolve(file, response.Location, out file))
            {
                break;
            }
        }

        // Too many redirects, or one to nowhere: there is no file (RFC 9309, section 2.3.1.2).
        return RobotsRules.AllowAll;
    }

    private RobotsRules Read(FetchResponse response) => response switch
    {
        { Problem: not FetchProblem.None } => RobotsRules.DisallowAll,
        { Status: >= 200 and < 300 } => RobotsParser.Parse(response.Body.Span, options.ProductToken),
        { Status: 429 } => RobotsRules.DisallowAll,
        { Status: >= 300 and < 500 } => RobotsRules.AllowAll,
        _ => RobotsRules.DisallowAll,
    };
}
