namespace Wetware.Raft.Log;

/// <summary>The data folder was written in a format that this program does not read. Nothing has been changed on disk.</summary>
/// <param name="message">The version found and the version read.</param>
public sealed class LogVersionException(string message) : LogFormatException(message);
