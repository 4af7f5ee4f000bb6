namespace Wetware.Raft.Log;

/// <summary>
/// A write or a sync failed, and the log has stopped for good. After a failed sync nobody knows which of the unsynced
/// writes are on disk, and trying again would report success for pages that the kernel has dropped (Rebello and others, "Can
/// applications recover from fsync failures?", 2020); so it is never retried. The node must stop; opening the log anew
/// tells what is there.
/// </summary>
/// <param name="message">What failed.</param>
/// <param name="inner">What the file system said.</param>
public sealed class LogFailedException(string message, Exception? inner = null) : LogException(message, inner);
