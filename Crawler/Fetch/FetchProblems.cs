using System.Net.Sockets;

namespace Wetware.Crawler.Fetch;

/// <summary>The one place where exceptions of the HTTP stack get their meaning.</summary>
internal static class FetchProblems
{
    public static FetchProblem Classify(Exception problem) => problem switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => FetchProblem.NameUnknown,
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => FetchProblem.TlsFailed,
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => FetchProblem.ConnectFailed,
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => FetchProblem.TooLarge,
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => FetchProblem.ConnectFailed,
        _ => FetchProblem.ProtocolBroken,
    };
}
