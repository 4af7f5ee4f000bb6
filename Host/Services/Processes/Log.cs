using Microsoft.Extensions.Logging;

namespace Wetware.Host.Services.Processes;

/// <summary>What programs log. Event ids are unique in the whole host.</summary>
internal static partial class Log
{
    [LoggerMessage(60, LogLevel.Information, "process {Pid} of {Parent} runs {Cid}")]
    public static partial void ProcessStarted(ILogger logger, uint pid, uint parent, string cid);

    [LoggerMessage(61, LogLevel.Information, "process {Pid} {Ending} with code {Code} {Reason}")]
    public static partial void ProcessEnded(ILogger logger, uint pid, string ending, uint code, string reason);
}
