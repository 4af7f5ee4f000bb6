using Microsoft.Extensions.Logging;

namespace Wetware.Host.Net;

/// <summary>What connections log. Event ids are unique in the whole host.</summary>
internal static partial class Log
{
    [LoggerMessage(20, LogLevel.Debug, "connection from {Remote} closed: {Reason}")]
    public static partial void ConnectionClosed(ILogger logger, string remote, string reason);

    [LoggerMessage(29, LogLevel.Error, "connection with {Remote} lost: {Reason}")]
    public static partial void ConnectionFault(ILogger logger, string remote, string reason);

    [LoggerMessage(21, LogLevel.Debug, "cannot reach {Address}: {Reason}")]
    public static partial void DialFailed(ILogger logger, string address, string reason);

    [LoggerMessage(22, LogLevel.Debug, "connected to peer {Peer} at {Address}")]
    public static partial void Connected(ILogger logger, string peer, string address);

    [LoggerMessage(23, LogLevel.Warning, "connection from {Remote} refused: {Reason}")]
    public static partial void ConnectionRefused(ILogger logger, string remote, string reason);

    [LoggerMessage(26, LogLevel.Warning, "could not accept a connection: {Reason}")]
    public static partial void AcceptFailed(ILogger logger, string reason);
}
