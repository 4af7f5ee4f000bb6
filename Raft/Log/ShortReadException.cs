namespace Wetware.Raft.Log;

/// <summary>A file is shorter than it was when it was synced: somebody cut it. Nothing has been changed on disk.</summary>
/// <param name="message">Which file, its length, and the length it must have.</param>
public sealed class ShortReadException(string message) : LogFormatException(message);
