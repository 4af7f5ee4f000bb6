using System.Net.Sockets;
using Wetware.Core;
using Wetware.Host;
using Wetware.Host.Storage;
using Wetware.Raft.Log;

namespace Wetware.Cli;

/// <summary>Which failures are the user's to mend, and the one line that says how.</summary>
internal static class Failures
{
    /// <summary>The line, or null for a failure that is a bug and should be seen whole.</summary>
    public static string? Explain(Exception failure) => failure switch
    {
        WetwareOptionsException or StorageException or LogException or WetwareException or CommandException => failure.Message,
        SocketException socket => socket.Message,
        UnauthorizedAccessException or IOException => failure.Message,
        AggregateException { InnerException: { } inner } => Explain(inner),
        _ => null,
    };
}
