namespace Wetware.Crawler.Fetch;

/// <summary>Makes one request. Safe for concurrent use.</summary>
public interface IFetcher
{
    /// <summary>Gets one URL without following redirects.</summary>
    /// <param name="url">What to get.</param>
    /// <param name="purpose">What for.</param>
    /// <param name="cancellationToken">Gives the request up.</param>
    /// <returns>What came; trouble of network and server is a <see cref="FetchProblem"/>, never an exception.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<FetchResponse> FetchAsync(CanonicalUrl url, FetchPurpose purpose, CancellationToken cancellationToken);
}
