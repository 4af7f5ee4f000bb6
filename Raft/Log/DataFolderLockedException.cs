namespace Wetware.Raft.Log;

/// <summary>Another process (or another log of this process) holds the data folder.</summary>
/// <param name="message">Which folder.</param>
/// <param name="inner">What the file system said.</param>
public sealed class DataFolderLockedException(string message, Exception? inner = null) : LogException(message, inner);
