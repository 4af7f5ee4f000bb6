using Microsoft.Extensions.Logging;

namespace Wetware.Host.Membership;

/// <summary>What the membership logs. Event ids are unique in the whole host.</summary>
internal static partial class Log
{
    [LoggerMessage(25, LogLevel.Debug, "a membership frame for {Peer} was lost: {Reason}")]
    public static partial void FrameLost(ILogger logger, string peer, string reason);
}
