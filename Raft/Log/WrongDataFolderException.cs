namespace Wetware.Raft.Log;

/// <summary>The data folder belongs to another node or another cluster. Nothing has been changed on disk.</summary>
/// <param name="message">Whose it is, and who asked.</param>
public sealed class WrongStorageException(string message) : LogException(message);
