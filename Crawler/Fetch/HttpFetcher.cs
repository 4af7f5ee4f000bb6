using System.Buffers;
using System.Net;
using System.Net.Http.Headers;

namespace Wetware.Crawler.Fetch;

/// <summary>Fetches over HTTP with bounds on every wait and every size. Keeps connections; dispose it when the crawl is over.</summary>
public sealed class HttpFetcher : IFetcher, IDisposable
{
    private const int ReadBytes = 32 << 10;

    private readonly FetcherOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    /// <summary>Makes a fetcher.</summary>
    public HttpFetcher(FetcherOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _time = time ?? TimeProvider.System;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxConnectionsPerServer = options.ConcurrencyPerHostMax,
            MaxResponseDrainSize = 64 << 10,
        };
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", options.UserAgent);
        _client.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5");
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <inheritdoc/>
    public async ValueTask<FetchResponse> FetchAsync(CanonicalUrl url, FetchPurpose purpose, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(url);
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await FetchOnceAsync(url, purpose, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // The connect timeout ends up here as well.
                return new FetchResponse { Problem = FetchProblem.Timeout };
            }
            catch (HttpRequestException problem) when (tries == 1 && problem.HttpRequestError == HttpRequestError.ResponseEnded)
            {
                // Closed before a word was said: simple servers do that to one connection in twenty or so under load, and never saw the request.
                continue;
            }
            catch (Exception problem) when (problem is HttpRequestException or IOException or InvalidDataException)
            {
                return new FetchResponse { Problem = FetchProblems.Classify(problem) };
            }
        }
    }

    private async ValueTask<FetchResponse> FetchOnceAsync(CanonicalUrl url, FetchPurpose purpose, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_options.HeaderTimeout);
        var started = _time.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Get, url.Text);
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token).ConfigureAwait(false);
        var left = _options.TotalTimeout - _time.GetElapsedTime(started);
        deadline.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        return await ReadAsync(response, purpose, deadline.Token).ConfigureAwait(false);
    }

    private async ValueTask<FetchResponse> ReadAsync(HttpResponseMessage response, FetchPurpose purpose, CancellationToken cancellationToken)
    {
        var result = new FetchResponse
        {
            Status = (int)response.StatusCode,
            Location = First(response.Headers, "Location"),
            ContentType = First(response.Content.Headers, "Content-Type"),
            RobotsTag = response.Headers.TryGetValues("X-Robots-Tag", out var tags) ? string.Join(',', tags) : null,
            RetryAfterMilliseconds = RetryAfter(response.Headers.RetryAfter),
        };
        if (result.Status is < 200 or >= 300)
        {
            return result;
        }

        if (purpose == FetchPurpose.Page && !IsWanted(ContentType.MediaTypeOf(result.ContentType)))
        {
            return result with { Problem = FetchProblem.ContentTypeUnwanted };
        }

        var most = purpose == FetchPurpose.Robots ? Limits.RobotsBytesMax : _options.BodyBytesMax;
        if (purpose == FetchPurpose.Page && response.Content.Headers.ContentLength > most)
        {
            return result with { Problem = FetchProblem.TooLarge };
        }

        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var body = await ReadBodyAsync(stream, most, cancellationToken).ConfigureAwait(false);
            return purpose == FetchPurpose.Page && body.Length > most
                ? result with { Problem = FetchProblem.TooLarge }
                : result with { Body = body[..Math.Min(body.Length, most)] };
        }
    }

    /// <summary>The body up to its bound, and at least one byte more if there is more.</summary>
    private static async ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync(Stream stream, int most, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>(ReadBytes);
        while (body.WrittenCount <= most)
        {
            var read = await stream.ReadAsync(body.GetMemory(ReadBytes), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            body.Advance(read);
        }

        return body.WrittenMemory;
    }

    private static string? First(HttpHeaders headers, string name)
    {
        if (headers.NonValidated.TryGetValues(name, out var values))
        {
            foreach (var value in values)
            {
                return value;
            }
        }

        return null;
    }

    private bool IsWanted(string mediaType)
    {
        if (mediaType.Length == 0)
        {
            return true;
        }

        foreach (var wanted in _options.MediaTypes)
        {
            if (wanted.EndsWith('/') ? mediaType.StartsWith(wanted, StringComparison.Ordinal) : mediaType == wanted)
            {
                return true;
            }
        }

        return false;
    }

    private ulong RetryAfter(RetryConditionHeaderValue? header)
    {
        var wait = header?.Delta ?? (header?.Date is { } date ? date - _time.GetUtcNow() : TimeSpan.Zero);
        return wait > TimeSpan.Zero ? (ulong)wait.TotalMilliseconds : 0;
    }
}
