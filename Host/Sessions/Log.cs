using Microsoft.Extensions.Logging;

namespace Wetware.Host.Sessions;

/// <summary>What sessions log. Event ids are unique in the whole host.</summary>
internal static partial class Log
{
    [LoggerMessage(24, LogLevel.Warning, "login of {Account} denied by policy")]
    public static partial void LoginRefused(ILogger logger, string account);
}
