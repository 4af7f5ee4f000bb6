using Microsoft.Extensions.Logging;

namespace Wetware.Host.Membership.Boot;

/// <summary>What the search for peers logs. Event ids are unique in the whole host.</summary>
internal static partial class Log
{
    [LoggerMessage(44, LogLevel.Information, "found a peer at {Address}")]
    public static partial void PeerFound(ILogger logger, string address);

    [LoggerMessage(45, LogLevel.Error, "the search for peers has failed; the node goes on without")]
    public static partial void BootFailed(ILogger logger, Exception failure);
}
