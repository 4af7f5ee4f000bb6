using Microsoft.Extensions.Logging;

namespace Wetware.Host;

/// <summary>What the node logs. Event ids are unique in the whole host.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "started: peer {Peer}, server {Server}, data {Folder}")]
    public static partial void Started(ILogger logger, string peer, string server, string folder);

    [LoggerMessage(2, LogLevel.Information, "listening on {Address}")]
    public static partial void Listening(ILogger logger, string address);

    [LoggerMessage(3, LogLevel.Information, "stopped")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(28, LogLevel.Warning, "plain text: connections are neither encrypted nor do they prove who answers")]
    public static partial void PlainText(ILogger logger);

    [LoggerMessage(41, LogLevel.Information, "founded a new cluster")]
    public static partial void Founded(ILogger logger);

    [LoggerMessage(42, LogLevel.Information, "recovered the log: {Entries} entries to {Last}, snapshot at {Snapshot}, {TornBytes} unacknowledged bytes cut off")]
    public static partial void Recovered(ILogger logger, ulong entries, ulong last, ulong snapshot, int tornBytes);

    [LoggerMessage(43, LogLevel.Warning, "the peers that this node remembers could not be saved: {Reason}")]
    public static partial void PeersNotSaved(ILogger logger, string reason);

    [LoggerMessage(47, LogLevel.Warning, "{Path}, the peers of the last start, cannot be used: {Reason}; going on without them")]
    public static partial void PeersNotLoaded(ILogger logger, string path, string reason);

    [LoggerMessage(48, LogLevel.Information, "the addresses of this node are now {Addresses}")]
    public static partial void AddressesChanged(ILogger logger, string addresses);

    [LoggerMessage(46, LogLevel.Information, "looking for a cluster to join")]
    public static partial void Searching(ILogger logger);
}
