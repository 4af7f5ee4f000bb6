using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Wetware.Cli;

/// <summary>Logs go to standard error, so that standard output stays a program's to read.</summary>
internal static class Logging
{
    public static void ToStandardError(ILoggingBuilder builder, LogLevel level, bool json)
    {
        builder.SetMinimumLevel(level);
        builder.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        if (json)
        {
            builder.AddJsonConsole(options => options.UseUtcTimestamp = true);
        }
        else
        {
            builder.AddSimpleConsole(options =>
            {
                options.SingleLine = true;
                options.TimestampFormat = "HH:mm:ss.fff ";
            });
        }
    }
}
