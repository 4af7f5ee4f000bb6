using Microsoft.Extensions.Logging;

namespace Wetware.Host.Consensus;

/// <summary>What the consensus logs. Event ids are unique in the whole host.</summary>
internal static partial class Log
{
    [LoggerMessage(10, LogLevel.Information, "group {Group}: leader {Leader} in term {Term}")]
    public static partial void LeaderChanged(ILogger logger, ulong group, string leader, ulong term);

    [LoggerMessage(11, LogLevel.Information, "group {Group}: installed a snapshot at {Index} of {Bytes} bytes")]
    public static partial void SnapshotInstalled(ILogger logger, ulong group, ulong index, int bytes);

    [LoggerMessage(13, LogLevel.Warning, "a snapshot could not be stored: {Reason}")]
    public static partial void SnapshotFailed(ILogger logger, string reason);

    [LoggerMessage(14, LogLevel.Warning, "the snapshot for member {Member} was not sent: {Reason}")]
    public static partial void SnapshotNotSent(ILogger logger, string member, string reason);

    [LoggerMessage(15, LogLevel.Debug, "sending a snapshot of {Bytes} bytes at {Index} to member {Member}")]
    public static partial void SnapshotSending(ILogger logger, long bytes, ulong index, string member);

    [LoggerMessage(16, LogLevel.Information, "sent a snapshot of {Bytes} bytes at {Index} to member {Member}")]
    public static partial void SnapshotSent(ILogger logger, long bytes, ulong index, string member);

    [LoggerMessage(27, LogLevel.Information, "{Address} names no peer; {Peer} answered there")]
    public static partial void Unpinned(ILogger logger, string address, string peer);

    [LoggerMessage(40, LogLevel.Information, "not a member of the cluster yet: {Reason}")]
    public static partial void JoinFailed(ILogger logger, string reason);

    [LoggerMessage(49, LogLevel.Information, "nobody to join has answered yet: {Reason}; trying again for {Seconds} s")]
    public static partial void JoinUnanswered(ILogger logger, string reason, int seconds);
}
