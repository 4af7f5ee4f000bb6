namespace Wetware.Crawler.Fetch;

/// <summary>
/// Goes for one URL: asks robots.txt, waits for its turn at the host, fetches, and does the same at every redirect, each of which
/// must stay in scope. Safe for concurrent use; the workers of a node share one.
/// </summary>
public sealed class Visitor
{
    private readonly IFetcher _fetcher;
    private readonly FetcherOptions _options;
    private readonly TimeProvider _time;
    private readonly HostGate _hosts;
    private readonly RobotsGate _robots;

    /// <summary>Makes a visitor with its own robots cache and politeness.</summary>
    public Visitor(IFetcher fetcher, FetcherOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _fetcher = fetcher;
        _options = options;
        _time = time ?? TimeProvider.System;
        _hosts = new HostGate(options, _time);
        _robots = new RobotsGate(fetcher, options, _hosts, _time);
    }

    /// <summary>Visits the URL of a task.</summary>
    /// <returns>What came of it; trouble is a <see cref="FetchProblem"/>, never an exception.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<Visit> VisitAsync(UrlTask task, CrawlScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(scope);
        var at = (ulong)_time.GetUtcNow().ToUnixTimeMilliseconds();
        var started = _time.GetTimestamp();
        var visit = await FollowAsync(task, scope, cancellationToken).ConfigureAwait(false);
        return visit with { FetchedAt = at, ElapsedMilliseconds = (uint)_time.GetElapsedTime(started).TotalMilliseconds };
    }

    private async ValueTask<Visit> FollowAsync(UrlTask task, CrawlScope scope, CancellationToken cancellationToken)
    {
        var url = task.Url;
        HashSet<CanonicalUrl>? visited = null;
        for (var redirects = 0; ; redirects++)
        {
            var response = await HopAsync(url, cancellationToken).ConfigureAwait(false);
            var visit = Describe(url, response, redirects);
            if (!response.IsRedirect)
            {
                return visit;
            }

            visited ??= [];
            visited.Add(url);
            if (!CanonicalUrl.TryResolve(url, response.Location, out var next))
            {
                return visit with { Problem = FetchProblem.RedirectBroken };
            }

            var problem = visited.Contains(next) ? FetchProblem.RedirectLoop
                : redirects == _options.RedirectsMax ? FetchProblem.RedirectsTooMany
                : !scope.Contains(next, task.Depth) ? FetchProblem.OutOfScope
                : FetchProblem.None;
            if (problem != FetchProblem.None)
            {
                return visit with { Problem = problem };
            }

            url = next;
        }
    }

    private async ValueTask<FetchResponse> HopAsync(CanonicalUrl url, CancellationToken cancellationToken)
    {
        var rules = await _robots.RulesAsync(url, cancellationToken).ConfigureAwait(false);
        if (!rules.Allows(url.PathAndQuery))
        {
            return new FetchResponse { Problem = rules.IsUnreachable ? FetchProblem.RobotsUnreachable : FetchProblem.RobotsDisallow };
        }

        await _hosts.EnterAsync(url.Authority, rules.CrawlDelayMilliseconds, cancellationToken).ConfigureAwait(false);
        try
        {
            return await _fetcher.FetchAsync(url, FetchPurpose.Page, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _hosts.Leave(url.Authority);
        }
    }

    private static Visit Describe(CanonicalUrl url, FetchResponse response, int redirects) => new()
    {
        FinalUrl = url,
        Problem = response.Problem,
        Status = response.Status,
        Redirects = redirects,
        ContentType = response.ContentType,
        RobotsTag = response.RobotsTag,
        RetryAfterMilliseconds = response.RetryAfterMilliseconds,
        Body = response.Body,
    };
}
