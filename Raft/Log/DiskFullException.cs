namespace Wetware.Raft.Log;

/// <summary>
/// There is no room for another segment, slot or snapshot. Room is reserved before it is used, so nothing that was
/// appended is lost, and the log goes on as soon as there is room again.
/// </summary>
/// <param name="message">What could not be written.</param>
/// <param name="inner">What the file system said.</param>
public sealed class DiskFullException(string message, Exception? inner = null) : LogException(message, inner);
