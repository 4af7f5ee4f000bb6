using Microsoft.Extensions.Logging;

namespace Wetware.Host.Loops;

/// <summary>What event loops log. Event ids are unique in the whole host.</summary>
internal static partial class Log
{
    [LoggerMessage(12, LogLevel.Critical, "the {Loop} loop has failed; the node stops")]
    public static partial void LoopFailed(ILogger logger, string loop, Exception failure);
}
