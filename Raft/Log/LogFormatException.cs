namespace Wetware.Raft.Log;

/// <summary>
/// A file of the data folder is not what the format says it must be, in a way that redundancy cannot mend: a segment is
/// missing, or a file that was synced before it was used is damaged as a whole. Nothing has been changed on disk.
/// </summary>
/// <param name="message">Which file, and what about it.</param>
/// <param name="inner">The cause, if there is one.</param>
public class LogFormatException(string message, Exception? inner = null) : LogException(message, inner);
