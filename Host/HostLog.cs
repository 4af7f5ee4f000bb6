using Microsoft.Extensions.Logging;

namespace Wetware.Host;

/// <summary>Every message that the host logs, each with its number.</summary>
internal static partial class HostLog
{
    [LoggerMessage(1, LogLevel.Information, "started: peer {Peer}, server {Server}, data {Folder}")]
    public static partial void Started(ILogger logger, string peer, string server, string folder);

    [LoggerMessage(2, LogLevel.Information, "listening on {Address}")]
    public static partial void Listening(ILogger logger, string address);

    [LoggerMessage(3, LogLevel.Information, "stopped")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(10, LogLevel.Information, "group {Group}: leader {Leader} in term {Term}")]
    public static partial void LeaderChanged(ILogger logger, ulong group, string leader, ulong term);

    [LoggerMessage(11, LogLevel.Information, "group {Group}: installed a snapshot at {Index} of {Bytes} bytes")]
    public static partial void SnapshotInstalled(ILogger logger, ulong group, ulong index, int bytes);

    [LoggerMessage(12, LogLevel.Critical, "the {Loop} loop has failed; the node stops")]
    public static partial void LoopFailed(ILogger logger, string loop, Exception failure);

    [LoggerMessage(13, LogLevel.Warning, "a snapshot could not be stored: {Reason}")]
    public static partial void SnapshotFailed(ILogger logger, string reason);

    [LoggerMessage(14, LogLevel.Warning, "the snapshot for member {Member} was not sent: {Reason}")]
    public static partial void SnapshotNotSent(ILogger logger, string member, string reason);

    [LoggerMessage(15, LogLevel.Debug, "sending a snapshot of {Bytes} bytes at {Index} to member {Member}")]
    public static partial void SnapshotSending(ILogger logger, long bytes, ulong index, string member);

    [LoggerMessage(16, LogLevel.Information, "sent a snapshot of {Bytes} bytes at {Index} to member {Member}")]
    public static partial void SnapshotSent(ILogger logger, long bytes, ulong index, string member);

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

    [LoggerMessage(24, LogLevel.Warning, "login of {Account} denied by policy")]
    public static partial void LoginRefused(ILogger logger, string account);

    [LoggerMessage(25, LogLevel.Debug, "a membership frame for {Peer} was lost: {Reason}")]
    public static partial void FrameLost(ILogger logger, string peer, string reason);

    [LoggerMessage(27, LogLevel.Information, "{Address} names no peer; {Peer} answered there")]
    public static partial void Unpinned(ILogger logger, string address, string peer);

    [LoggerMessage(28, LogLevel.Warning, "plain text: connections are neither encrypted nor do they prove who answers")]
    public static partial void PlainText(ILogger logger);

    [LoggerMessage(30, LogLevel.Information, "crawl {Crawl}: {Workers} workers started")]
    public static partial void CrawlStarted(ILogger logger, ulong crawl, int workers);

    [LoggerMessage(31, LogLevel.Information, "crawl {Crawl}: no more work")]
    public static partial void CrawlEnded(ILogger logger, ulong crawl);

    [LoggerMessage(32, LogLevel.Error, "crawl {Crawl}: this node's workers have failed")]
    public static partial void CrawlFailed(ILogger logger, ulong crawl, Exception failure);

    [LoggerMessage(33, LogLevel.Debug, "the queue is unavailable: {Reason}")]
    public static partial void QueueUnavailable(ILogger logger, string reason);

    [LoggerMessage(40, LogLevel.Information, "not a member of the cluster yet: {Reason}")]
    public static partial void JoinFailed(ILogger logger, string reason);

    [LoggerMessage(49, LogLevel.Information, "nobody to join has answered yet: {Reason}; trying again for {Seconds} s")]
    public static partial void JoinUnanswered(ILogger logger, string reason, int seconds);

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

    [LoggerMessage(44, LogLevel.Information, "found a peer at {Address}")]
    public static partial void PeerFound(ILogger logger, string address);

    [LoggerMessage(46, LogLevel.Information, "looking for a cluster to join")]
    public static partial void Searching(ILogger logger);

    [LoggerMessage(45, LogLevel.Error, "the search for peers has failed; the node goes on without")]
    public static partial void BootFailed(ILogger logger, Exception failure);

    [LoggerMessage(26, LogLevel.Warning, "could not accept a connection: {Reason}")]
    public static partial void AcceptFailed(ILogger logger, string reason);

    [LoggerMessage(60, LogLevel.Information, "process {Pid} of {Parent} runs {Cid}")]
    public static partial void ProcessStarted(ILogger logger, uint pid, uint parent, string cid);

    [LoggerMessage(61, LogLevel.Information, "process {Pid} {Ending} with code {Code} {Reason}")]
    public static partial void ProcessEnded(ILogger logger, uint pid, string ending, uint code, string reason);
}
