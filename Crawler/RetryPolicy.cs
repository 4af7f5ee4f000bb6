namespace Wetware.Crawler;

/// <summary>Which visits are worth another try, and after how long: doubling pauses, spread by the URL so that a site's retries do not come at once.</summary>
/// <param name="AttemptsMax">Tries before a URL is given up.</param>
/// <param name="PauseMilliseconds">The pause after the first try.</param>
/// <param name="PauseMillisecondsMax">The longest pause, also where the server asks for a longer one.</param>
public sealed record RetryPolicy(uint AttemptsMax = 4, uint PauseMilliseconds = 500, uint PauseMillisecondsMax = 60_000)
{
    /// <summary>Four tries, half a second after the first.</summary>
    public static RetryPolicy Default { get; } = new();

    /// <summary>Whether the visit failed in a way that may pass.</summary>
    public static bool MayPass(Visit visit)
    {
        ArgumentNullException.ThrowIfNull(visit);
        return visit.Problem switch
        {
            FetchProblem.None => visit.Status is 408 or 425 or 429 or 500 or 502 or 503 or 504,
            FetchProblem.Timeout or FetchProblem.ConnectFailed or FetchProblem.NameUnknown => true,
            FetchProblem.ProtocolBroken or FetchProblem.RobotsUnreachable => true,
            _ => false,
        };
    }

    /// <summary>Whether to try again after so many tries, and after what pause.</summary>
    public bool ShouldRetry(Visit visit, uint attempts, CanonicalUrl url, out uint delayMilliseconds)
    {
        ArgumentNullException.ThrowIfNull(url);
        delayMilliseconds = 0;
        if (attempts >= AttemptsMax || !MayPass(visit))
        {
            return false;
        }

        var pause = Math.Min((ulong)PauseMilliseconds << (int)Math.Min(attempts - 1, 20), PauseMillisecondsMax);
        pause -= pause * Spread(url.Text, attempts) / 400;
        delayMilliseconds = (uint)Math.Min(Math.Max(pause, visit.RetryAfterMilliseconds), PauseMillisecondsMax);
        return true;
    }

    // From 0 to 99, the same on every machine: up to a quarter off the pause.
    private static uint Spread(string url, uint attempts)
    {
        var hash = 2166136261u ^ attempts;
        foreach (var character in url)
        {
            hash = (hash ^ character) * 16777619u;
        }

        return (hash >> 8) % 100;
    }
}
