namespace Wetware.Crawler;

/// <summary>Why a visit brought no page. A response with an error status is not one of these: it has its status.</summary>
public enum FetchProblem
{
    /// <summary>There is none.</summary>
    None = 0,

    /// <summary>The robots.txt forbids it.</summary>
    RobotsDisallow = 1,

    /// <summary>The robots.txt could not be had, so everything counts as forbidden for now.</summary>
    RobotsUnreachable = 2,

    /// <summary>A redirect leads out of the crawl's scope.</summary>
    OutOfScope = 3,

    /// <summary>A redirect leads back to where it came from.</summary>
    RedirectLoop = 4,

    /// <summary>More redirects than the crawl follows.</summary>
    RedirectsTooMany = 5,

    /// <summary>A redirect whose target is missing or no URL.</summary>
    RedirectBroken = 6,

    /// <summary>The content type is not one that the crawl reads.</summary>
    ContentTypeUnwanted = 7,

    /// <summary>The body is larger than the crawl reads.</summary>
    TooLarge = 8,

    /// <summary>The response, or a part of it, did not come in time.</summary>
    Timeout = 9,

    /// <summary>No connection.</summary>
    ConnectFailed = 10,

    /// <summary>The host's name has no address.</summary>
    NameUnknown = 11,

    /// <summary>TLS could not be agreed on.</summary>
    TlsFailed = 12,

    /// <summary>The connection broke, or what came was no HTTP.</summary>
    ProtocolBroken = 13,

    /// <summary>The task in the queue is no URL task.</summary>
    TaskBroken = 14,
}
